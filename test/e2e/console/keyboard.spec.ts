import type { Page } from '@playwright/test'
import { expect, message, openConsole, show, test } from './console-test'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

/** Presses Tab until a control with this name has the focus. */
async function tabTo(page: Page, role: Parameters<Page['getByRole']>[0], name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, typeof name === 'string' ? { name, exact: true } : { name })
  await expect(wanted.first()).toBeVisible()
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if (await wanted.evaluateAll((elements) => elements.some((element) => element === document.activeElement))) return
  }
  throw new Error(`40 presses of Tab did not lead to ${role} “${name}”`)
}

const heading = (page: Page, name: string): ReturnType<Page['getByRole']> => page.getByRole('heading', { level: 1, name })

test('a service is exposed, opened, edited and deleted with the keyboard alone', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await openConsole(page, consoleHost.link)
  await expect(page.getByText('Nothing is shared yet')).toBeVisible()
  await page.keyboard.press('n')
  await expect(heading(page, 'Expose a service')).toBeFocused()
  await tabTo(page, 'textbox', 'Name')
  await page.keyboard.type('Office wiki')
  await tabTo(page, 'textbox', 'Host name')
  await page.keyboard.type('wiki.test')
  await tabTo(page, 'textbox', 'Address of the backend')
  await page.keyboard.type(url)
  await page.keyboard.press('Control+s')
  await expect(heading(page, 'Office wiki')).toBeFocused()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)

  await page.keyboard.press('e')
  await expect(heading(page, 'Edit Office wiki')).toBeFocused()
  await tabTo(page, 'textbox', 'Host name')
  await page.keyboard.press('Control+a')
  await page.keyboard.type('docs.test')
  await page.keyboard.press('Control+s')
  await expect(heading(page, 'Office wiki')).toBeFocused()
  await expect.poll(() => gateway.statusOf('docs.test')).toBe(200)

  await tabTo(page, 'button', 'More for Office wiki')
  await page.keyboard.press('Enter')
  await page.keyboard.press('End')
  await expect(page.getByRole('menuitem', { name: 'Delete' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Services')).toBeFocused()
  await expect(message(page, 'Deleted Office wiki')).toBeVisible()
  expect(await gateway.statusOf('docs.test')).toBe(404)
  await page.keyboard.press('Control+z')
  await expect.poll(() => gateway.statusOf('docs.test')).toBe(200)
})

test('the list: arrows move, Enter opens, Escape goes back, E edits, C copies, / filters, Shift F10 is the menu', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'alpha', name: 'Alpha', url }, { id: 'beta', name: 'Beta', url }, { id: 'gamma', name: 'Gamma', url })
  await openConsole(page, consoleHost.link)
  const row = (name: string): ReturnType<Page['getByRole']> => page.getByRole('row', { name: new RegExp(name) })
  await tabTo(page, 'row', /Alpha/)
  await page.keyboard.press('ArrowDown')
  await expect(row('Beta')).toBeFocused()
  await page.keyboard.press('End')
  await expect(row('Gamma')).toBeFocused()
  await page.keyboard.press('Home')
  await expect(row('Alpha')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('c')
  await expect(message(page, 'Address copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('http://beta.test')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Beta')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(heading(page, 'Services')).toBeFocused()

  await page.keyboard.press('/')
  await expect(page.getByRole('searchbox', { name: 'Filter' })).toBeFocused()
  await page.keyboard.type('gam')
  await expect(row('Alpha')).toBeHidden()
  // While one types, letters are letters.
  await page.keyboard.type('n')
  await expect(page.getByText('No service matches')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(row('Alpha')).toBeVisible()

  await tabTo(page, 'row', /Alpha|Beta|Gamma/)
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+F10')
  await expect(page.getByRole('menu', { name: 'Actions' })).toBeVisible()
  await expect(page.getByRole('menuitem', { name: 'Open address' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('menu')).toBeHidden()
  await expect(page.locator('[data-row-menu]:focus, [role=row]:focus')).toHaveCount(1)
  await page.keyboard.press('e')
  await expect(heading(page, 'Edit Alpha')).toBeFocused()
})

test('the palette finds a service by any of its addresses, opens it and acts on it', async ({ consoleHost, gateway, backend, page }) => {
  const { url, port } = await backend()
  await gateway.add({ id: 'wiki', name: 'Office wiki', url }, { id: 'news', name: 'News', url: 'http://127.0.0.1:9' })
  await openConsole(page, consoleHost.link)
  const palette = page.getByRole('dialog', { name: 'Search and commands' })
  const ask = async (words: string): Promise<void> => {
    await expect(palette).toBeHidden()
    await page.keyboard.press('Control+k')
    await expect(palette.getByLabel('Search services, addresses, settings')).toBeFocused()
    await page.keyboard.type(words)
  }
  await ask(String(port))
  await expect(palette.getByRole('menuitem').first()).toContainText('Office wiki')
  await page.keyboard.press('Enter')
  await expect(palette).toBeHidden()
  await expect(heading(page, 'Office wiki')).toBeFocused()

  await ask('switch off office')
  await expect(palette.getByRole('menuitem').first()).toContainText('Switch off Office wiki')
  await page.keyboard.press('Enter')
  await expect.poll(() => gateway.statusOf('wiki.test')).not.toBe(200)

  await ask('dark')
  await expect(palette.getByRole('menuitem').first()).toContainText('Dark theme')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  await ask('nas.test:5000')
  await expect(palette.getByRole('menuitem').first()).toContainText('Expose http://nas.test:5000')
  await page.keyboard.press('Enter')
  await expect(heading(page, 'Expose a service')).toBeFocused()
  await expect(page.getByRole('textbox', { name: 'Address of the backend' })).toHaveValue('http://nas.test:5000')

  await ask('there is nothing like this')
  await expect(palette.getByText(/^Nothing matches/)).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(palette).toBeHidden()
  await expect(heading(page, 'Expose a service')).toBeVisible()
})

test('screens by Ctrl 1 and Ctrl comma, regions by F6, and single letters can be switched off', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  await page.keyboard.press('Control+,')
  await expect(heading(page, 'Settings')).toBeFocused()
  await page.keyboard.press('F6')
  const first = await page.evaluate(() => document.activeElement?.outerHTML)
  await page.keyboard.press('F6')
  expect(await page.evaluate(() => document.activeElement?.outerHTML)).not.toBe(first)
  await page.getByRole('switch', { name: /^Single letters act/ }).press('Space')
  await page.keyboard.press('Control+1')
  await expect(heading(page, 'Services')).toBeFocused()
  await page.keyboard.press('n')
  await expect(heading(page, 'Services')).toBeFocused()
  await page.reload()
  await expect(page.getByRole('row', { name: /Wiki/ })).toBeVisible()
  await page.keyboard.press('n')
  await expect(heading(page, 'Services')).toBeVisible()
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog', { name: 'Search and commands' })).toBeVisible()
})

test('a dialog keeps the focus within and gives it back; the safe choice has it first', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Wiki', url })
  await openConsole(page, consoleHost.link)
  await show(page, '#/services')
  await page.getByRole('button', { name: 'Gateway actions' }).press('Enter')
  await page.getByRole('menuitem', { name: 'Stop' }).press('Enter')
  const question = page.getByRole('alertdialog', { name: 'Stop the gateway?' })
  await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused()
  for (let presses = 0; presses < 4; presses++) {
    await page.keyboard.press('Tab')
    expect(await question.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true)
  }
  await page.keyboard.press('Escape')
  await expect(question).toBeHidden()
  await expect(page.getByRole('button', { name: 'Gateway actions' })).toBeFocused()
  expect(await gateway.statusOf('wiki.test')).toBe(200)
})
