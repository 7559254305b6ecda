import { ask } from '../../support/ask'
import { openRaw, readUntil } from '../../support/raw-client'
import { expect, message, openConsole, test } from './console-test'

/** A visitor from another address of this machine. */
const visit = (port: number, host: string, localAddress: string, headers: Record<string, string> = {}): Promise<number> =>
  ask(port, '/', { headers: { host, ...headers }, localAddress }).then(
    ({ status }) => status,
    () => 0,
  )

test('a list is made, filled by hand and by pasting, tried out, reordered and used; deleting it in use is refused', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await openConsole(page, consoleHost.link, '#/access')
  await page.getByRole('button', { name: 'New list' }).click()
  await page.getByLabel('Name').fill('Contractors')
  await page.getByRole('button', { name: 'Create list' }).click()
  await expect(page.getByText('No rules yet. Everyone is refused until you add one.')).toBeVisible()

  await page.getByRole('button', { name: 'Add rule' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a rule' })
  await dialog.getByLabel('Address, block or range').fill('127.0.0.5/24')
  await expect(dialog.getByText('This means 127.0.0.0/24.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Write it so' }).click()
  await dialog.getByRole('button', { name: 'Add rule' }).click()
  await expect(page.getByRole('row', { name: '127.0.0.0/24' })).toBeVisible()

  await page.getByRole('button', { name: 'More for Contractors' }).click()
  await page.getByRole('menuitem', { name: 'Add many…' }).click()
  const paste = page.getByRole('dialog', { name: 'Add many addresses' })
  await paste.getByLabel('Addresses, one a line, or CSV').fill('127.0.0.2 # Meyer\n10.0.0.0/33\n010.0.0.1\n198.51.100.0/24, Branch')
  await expect(paste.getByText('Line 2: 10.0.0.0/33, an IPv4 block is /32 at most')).toBeVisible()
  await expect(paste.getByText('Line 3: 010.0.0.1, leave out zeroes in front')).toBeVisible()
  await paste.getByRole('radio', { name: 'Refuse' }).click()
  await paste.getByRole('button', { name: 'Add 2 rules' }).click()
  await expect(page.getByRole('row', { name: '198.51.100.0/24' })).toContainText('Branch')

  await page.getByLabel('Test an address').fill('127.0.0.2')
  await expect(page.getByText('Let in by rule 1')).toBeVisible()
  // Rule 1 covers it; above it, it decides.
  await page.getByRole('row', { name: '127.0.0.2' }).focus()
  await page.keyboard.press('Alt+ArrowUp')
  await expect(page.getByText('Refused by rule 1')).toBeVisible()
  await expect(page.getByText('It is 127.0.0.2.')).toBeVisible()
  await page.getByLabel('Test an address').fill('1.2.3')
  await expect(page.getByText('Write an IPv4 or IPv6 address, such as 192.168.1.20.')).toBeVisible()

  await gateway.add({ id: 'wiki', name: 'Office wiki', url, access: { rules: [{ list: 'contractors' }] } })
  expect([
    await visit(consoleHost.listenerPort, 'wiki.test', '127.0.0.2'),
    await visit(consoleHost.listenerPort, 'wiki.test', '127.0.0.3'),
  ]).toEqual([403, 200])
  await page.getByRole('button', { name: 'More for Contractors' }).click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await expect(page.getByRole('dialog', { name: 'Contractors is in use' })).toContainText('Office wiki uses this list.')
})

test('an address is blocked from the log and let in again; the log says what refused it', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Office wiki', url })
  await gateway.save((document) => ({ ...document, settings: { ...document.settings, trustedProxies: ['127.0.0.9'] } }))
  const visitor = (path: string): Promise<unknown> =>
    ask(consoleHost.listenerPort, path, { headers: { host: 'wiki.test', 'x-forwarded-for': '198.51.100.77' }, localAddress: '127.0.0.9' })
  await visitor('/wp-login.php')
  await openConsole(page, consoleHost.link, '#/activity')
  await page.getByRole('row', { name: /wp-login/ }).click()
  const drawer = page.getByRole('complementary', { name: 'Request' })
  await expect(drawer).toContainText('Let in by')
  await drawer.getByRole('button', { name: 'Block this address' }).click()
  await expect(message(page, 'Blocked 198.51.100.77')).toBeVisible()
  await drawer.getByRole('button', { name: 'Close' }).click()
  await visitor('/again')
  const refused = page.getByRole('row', { name: /\/again/ })
  await expect(refused).toContainText('403')
  await page.getByRole('radio', { name: 'Failed' }).click()
  await expect(page.getByText('No requests match')).toBeVisible()
  await page.getByRole('radio', { name: 'Refused' }).click()
  await refused.click()
  await expect(drawer).toContainText('the address is blocked')
  await message(page, 'Blocked 198.51.100.77').getByRole('button', { name: 'Undo' }).click()
  await expect.poll(async () => (await gateway.document()).document.blocked ?? []).toEqual([])
})

test('everything is closed with one press and a question, said on every screen, and opened with one', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Office wiki', url })
  const held = await openRaw(consoleHost.listenerPort, 'GET / HTTP/1.1\r\nHost: wiki.test\r\n\r\n')
  await readUntil(held, (text) => text.includes('200 OK'))
  await openConsole(page, consoleHost.link, '#/access')
  await page.getByRole('button', { name: 'Close everything' }).click()
  await page.getByRole('alertdialog', { name: 'Close everything?' }).getByRole('button', { name: 'Close everything' }).click()
  await expect(page.getByText('Everything is closed: nobody can reach any service.')).toBeVisible()
  await expect(message(page, '1 open connection was ended, refused by the new rules.')).toBeVisible()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBeNull()
  await page.getByRole('button', { name: 'Open again' }).click()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
  await expect(page.getByText('Everything is closed: nobody can reach any service.')).toBeHidden()
})

test('rules of a service’s own, a password instead of them, and a question before somebody is locked out', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Office wiki', url })
  expect(await visit(consoleHost.listenerPort, 'wiki.test', '127.0.0.4')).toBe(200)
  await openConsole(page, consoleHost.link, '#/services/wiki/edit')
  await page.getByRole('radio', { name: 'Only these…' }).click({ force: true })
  await page.getByRole('button', { name: 'Add rule' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a rule' })
  await dialog.getByLabel('Address, block or range').fill('127.0.0.1')
  await dialog.getByRole('button', { name: 'Add rule' }).click()
  await page.getByRole('radiogroup', { name: 'Everyone else' }).getByRole('radio', { name: 'Refuse' }).click()
  await page.getByLabel('Test an address').fill('127.0.0.4')
  await expect(page.getByText('Refused: no rule matches')).toBeVisible()
  await page.getByRole('button', { name: 'Save changes' }).click()
  const question = page.getByRole('alertdialog', { name: 'Lock out 1 address in use?' })
  await expect(question).toContainText('127.0.0.4')
  await question.getByRole('button', { name: 'Go back' }).click()

  await page.getByText('Ask for a name and a password').click()
  await page.getByLabel('Name', { exact: true }).last().fill('anna')
  await page.getByLabel('Password', { exact: true }).fill('correct horse')
  await page.getByRole('button', { name: 'Add user' }).click()
  await expect(page.getByText('password set')).toBeVisible()
  await page.getByText('Whom the rules let in needs no password').click()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(message(page, 'Changed Office wiki')).toBeVisible()
  const authorization = `Basic ${Buffer.from('anna:correct horse').toString('base64')}`
  expect([
    await visit(consoleHost.listenerPort, 'wiki.test', '127.0.0.1'),
    await visit(consoleHost.listenerPort, 'wiki.test', '127.0.0.4'),
    await visit(consoleHost.listenerPort, 'wiki.test', '127.0.0.4', { authorization }),
  ]).toEqual([200, 401, 200])
  expect(JSON.stringify((await gateway.document()).document)).not.toContain('correct horse')
})

test('nothing but its content scrolls: the bar of a long form stays at the bottom', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({
    id: 'wiki',
    name: 'Office wiki',
    url,
    access: { rules: Array.from({ length: 12 }, (_, n) => ({ action: 'allow' as const, from: `10.0.0.${n}` })) },
  })
  await page.setViewportSize({ width: 880, height: 600 })
  await openConsole(page, consoleHost.link, '#/services/wiki/edit')
  await page.getByText('Ask for a name and a password').click()
  await page.getByRole('checkbox', { name: /Watch only/ }).focus()
  const bottom = await page.getByRole('button', { name: 'Save changes' }).evaluate((button) => button.getBoundingClientRect().bottom)
  expect(bottom).toBeGreaterThan(550)
  expect(await page.locator('.panel').evaluate((panel) => panel.scrollTop)).toBe(0)
})
