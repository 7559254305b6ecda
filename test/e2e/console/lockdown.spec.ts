import type { Locator, Page } from '@playwright/test'
import type { BackendHandler } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { expect, message, openConsole, show, test } from './console-test'

test.describe.configure({ timeout: 60_000 })

/** A backend that answers everybody until it is told which secrets to ask for; told none, again. */
function guarded(): { handler: BackendHandler; accept(...secrets: string[]): void } {
  let accepted: readonly string[] | null = null
  return {
    handler: (request, response) =>
      void response.writeHead(accepted?.includes(String(request.headers['x-astrorelay-key'])) === false ? 403 : 200).end('ok'),
    accept: (...secrets) => void (accepted = secrets.length === 0 ? null : secrets),
  }
}

/** The secret lines of the guide, shown. */
async function readSecret(page: Page, line: 'Header' | 'Old secret' | 'New secret' = 'Header'): Promise<string> {
  const eye = page.getByRole('button', { name: 'Show the secret' })
  await expect(eye.or(page.getByRole('button', { name: 'Hide the secret' }))).toBeVisible()
  if (await eye.isVisible()) await eye.click()
  const text = await page.locator('.secret-line').filter({ hasText: line }).locator('code').textContent()
  return text?.split(': ')[1] ?? ''
}

test('by keyboard: a backend is locked down, proven, given a new secret, opened again and found open', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const gate = guarded()
  const { url } = await backend({ handler: gate.handler })
  await gateway.add({ id: 'wiki', name: 'Office wiki', url, health: { type: 'tcp' } })
  await openConsole(page, consoleHost.link)
  await page.keyboard.press('Control+5')
  await expect(page.getByRole('heading', { level: 1, name: 'Lock-down' })).toBeFocused()
  await expect(page.getByRole('link', { name: 'Lock-down' })).toHaveAttribute('aria-current', 'page')
  const row = page.getByRole('list', { name: 'Backends of Office wiki' }).getByRole('listitem')
  await expect(row).toContainText('Not locked down')
  await focusOn(page, page.getByRole('button', { name: 'Lock down… Office wiki' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('radio', { name: /Secret header/ })).toBeChecked()
  await focusOn(page, page.getByRole('button', { name: 'Make the secret' }))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 2, name: 'Step 2 of 3: Apply it on the backends' })).toBeFocused()
  await expect(page.getByRole('tab', { name: 'nginx' })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('tabpanel')).toContainText('••••••••')
  await focusOn(page, page.getByRole('button', { name: 'Show the secret' }))
  await page.keyboard.press('Enter')
  const secret = await readSecret(page)
  expect(secret).toMatch(/^[\w-]{40,}$/)
  expect((await page.getByRole('tabpanel').textContent())?.split(secret)).toHaveLength(2)
  // It is still open: nobody has set it up yet.
  await page.keyboard.press('v')
  await expect(page.getByText('main still answers without the gateway', { exact: true })).toBeVisible()
  gate.accept(secret)
  await page.keyboard.press('v')
  await expect(page.getByText('Direct access is refused')).toBeVisible()
  await expect(page.getByRole('row', { name: /With a made-up secret/ })).toContainText('403 Refused')
  expect(await gateway.statusOf('wiki.test')).toBe(200)
  await page.keyboard.press('Escape')
  await expect(row).toContainText('Locked')
  await expect(row).toContainText(/Checked \d\d:\d\d/)
  await show(page, '#/lockdown/wiki')
  await page.reload()
  await expect(page.getByText('The secret was shown once, when it was made.')).toBeVisible()
  await expect(page.getByText('The copy holds no secret: replace •••••••• with the secret.')).toBeVisible()
  expect(await page.content()).not.toContain(secret)
  await expect(page.getByRole('button', { name: 'Show the secret' })).toBeHidden()
  await focusOn(page, page.getByRole('button', { name: 'Make a new secret' }))
  await page.keyboard.press('Enter')
  await expect(page.getByText('Leave the line of the old secret as it stands')).toBeVisible()
  const fresh = await readSecret(page, 'New secret')
  expect(fresh).not.toBe(secret)
  const text = await page.getByRole('tabpanel').textContent()
  expect(text).toContain('old-••••••••')
  expect(text).toContain(fresh)
  await page.getByRole('button', { name: 'Use the new secret' }).click()
  await expect(page.getByText(/does not take the new secret yet/)).toBeVisible()
  gate.accept(secret, fresh)
  await page.keyboard.press('v')
  await expect(page.getByRole('row', { name: /With the new secret/ })).toContainText('200 OK')
  await focusOn(page, page.getByRole('button', { name: 'Use the new secret' }))
  await page.keyboard.press('Enter')
  await expect(message(page, 'Office wiki uses its new secret')).toBeVisible()
  gate.accept(fresh)
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(200)
  gate.accept()
  await page.getByRole('button', { name: 'Verify again' }).click()
  await expect(page.getByText('main still answers without the gateway', { exact: true })).toBeVisible()
  await expect(page.getByRole('row', { name: /Straight to the backend/ })).toContainText('200 OK')
})

test('a new secret is used anyway after a question; removing asks, and says what happens to backends', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const gate = guarded()
  const { url } = await backend({ handler: gate.handler })
  await gateway.add({ id: 'wiki', name: 'Office wiki', url, health: { type: 'tcp' } })
  await openConsole(page, consoleHost.link, '#/lockdown/wiki')
  await page.getByRole('button', { name: 'Make the secret' }).click()
  const old = await readSecret(page)
  gate.accept(old)
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  await expect(page.getByText('Backends accept both until the new one is used.')).toBeVisible()
  expect(await readSecret(page, 'Old secret')).toBe(old)
  await page.getByRole('button', { name: 'Use the new secret' }).click()
  await page.getByRole('button', { name: 'Use it anyway…' }).click()
  await page.getByRole('alertdialog', { name: 'Use the new secret anyway?' }).getByRole('button', { name: 'Use it anyway' }).click()
  await expect(message(page, 'Office wiki uses its new secret')).toBeVisible()
  await expect.poll(() => gateway.statusOf('wiki.test')).toBe(403)
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(page.getByText('main refuses the gateway, too', { exact: true })).toBeVisible()

  await page.getByRole('button', { name: 'Remove lock-down' }).click()
  const question = page.getByRole('alertdialog', { name: 'Remove the lock-down of Office wiki?' })
  await expect(question).toContainText('Backends that still ask for the secret will refuse the gateway')
  await question.getByRole('button', { name: 'Remove' }).click()
  await expect(page.getByRole('listitem').filter({ hasText: url })).toContainText('Not locked down')
})

test('the PROXY protocol’s text is there before it is switched on; a machine is offered no header', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const { url, port } = await backend()
  await gateway.add({ id: 'wiki', name: 'Office wiki', url, health: { type: 'tcp' } })
  const desk = await freePort()
  await gateway.save((document) => ({
    ...document,
    listeners: [...(document.listeners ?? []), { id: 'desk', address: '127.0.0.1', port: desk, protocol: 'tcp' }],
    services: [
      ...(document.services ?? []),
      { id: 'desk', name: 'Desk', type: 'tcp', listeners: ['desk'], backends: [{ id: 'main', url: `tcp://127.0.0.1:${port}` }] },
    ],
  }))
  await openConsole(page, consoleHost.link, '#/lockdown/wiki')
  await page.getByRole('radio', { name: /PROXY protocol/ }).press('Space')
  await page.getByRole('button', { name: 'Show the text' }).click()
  await expect(page.getByText('Set up the backends first')).toBeVisible()
  await expect(page.getByRole('tabpanel')).toContainText('proxy_protocol')
  expect((await gateway.document()).document.services?.[0]?.lockdown).toBeUndefined()
  await page.getByRole('button', { name: 'Switch on PROXY protocol' }).click()
  await expect.poll(async () => (await gateway.document()).document.services?.[0]?.lockdown?.proxyProtocol).toBe('v2')
  await expect(page.getByRole('heading', { level: 2, name: /Step 3 of 3/ })).toBeFocused()
  await show(page, '#/lockdown/desk')
  await expect(page.getByRole('radio')).toHaveCount(2)
  await page.getByRole('radio', { name: /Network rules/ }).press('Space')
  await page.getByRole('button', { name: 'Use network rules' }).click()
  await expect(page.getByRole('tab', { name: 'nftables' })).toBeVisible()
})

test('the service’s screen has the proof on the backend’s row and in a tab of its own; the palette leads there', async ({
  consoleHost,
  gateway,
  backend,
  page,
}) => {
  const gate = guarded()
  const { url } = await backend({ handler: gate.handler })
  await gateway.add({
    id: 'wiki',
    name: 'Office wiki',
    url,
    lockdown: { secretHeader: { value: 'a-secret-of-the-test-0001' } },
    health: { type: 'tcp' },
  })
  await openConsole(page, consoleHost.link, '#/services/wiki')
  const row = page.locator('[data-backend=main]')
  await expect(row).toContainText(/Lock-down: Open \d\d:\d\d/)
  gate.accept('a-secret-of-the-test-0001')
  await page.getByRole('tab', { name: 'Lock-down' }).click()
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('Secret header. Direct access is refused.')
  await expect(page.getByRole('tab', { name: 'Lock-down Locked' })).toBeVisible()
  await page.getByRole('tab', { name: 'Overview' }).click()
  await expect(row).toContainText(/Lock-down: Locked \d\d:\d\d/)
  await page.keyboard.press('Control+k')
  await page.getByLabel('Search services, addresses, settings').fill('lock down wiki')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Lock down Office wiki' })).toBeVisible()
})

test('where the state cannot be asked for, that is said, and asking again helps', async ({ consoleHost, gateway, backend, page }) => {
  const { url } = await backend()
  await gateway.add({ id: 'wiki', name: 'Office wiki', url })
  await page.route('**/api/v1/lockdown', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'AR_INTERNAL', message: 'Something went wrong.' } } }),
  )
  await openConsole(page, consoleHost.link, '#/lockdown')
  const alert = page.getByRole('alert').filter({ hasText: 'The state of the backends is not known' })
  await expect(alert).toBeVisible()
  await page.unroute('**/api/v1/lockdown')
  await alert.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('list', { name: 'Backends of Office wiki' })).toContainText('Not locked down')
  await expect(alert).toBeHidden()
})

/** Moves by Tab until something has the focus, as a keyboard user would. */
async function focusOn(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeEnabled()
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('it is not reached by Tab')
}
