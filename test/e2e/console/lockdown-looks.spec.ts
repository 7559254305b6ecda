import { networkInterfaces } from 'node:os'
import type { Locator, Page } from '@playwright/test'
import type { BackendHandler } from '../../support/echo-backend'
import { expect, message, openConsole, show, test } from './console-test'
import { checkLooks, WINDOWS, ZOOMED } from './looks'

const LONG_NAME = 'Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenamt'

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

test('every state of it reads well, in light, dark, narrow and zoomed', async ({ consoleHost, gateway, backend, page }) => {
  test.setTimeout(120_000)
  const gate = guarded()
  const near = await backend({ handler: gate.handler })
  const wide = await backend({ host: '0.0.0.0' })
  const own =
    Object.values(networkInterfaces())
      .flat()
      .find((one) => one !== undefined && !one.internal && one.family === 'IPv4')?.address ?? '127.0.0.1'
  const health = { type: 'tcp' } as const
  const locked = { secretHeader: { value: 'a-secret-of-the-test-0001' } }
  await openConsole(page, consoleHost.link, '#/lockdown')
  await expect(page.getByText('No backends yet.')).toBeVisible()
  await check(page, 'lock-down, nothing yet')
  gate.accept('a-secret-of-the-test-0001')
  await gateway.add(
    {
      id: 'portal',
      name: 'Client portal',
      url: near.url,
      backends: [
        { id: 'app-1', url: near.url },
        { id: 'app-4', url: near.url.replace('127.0.0.1', 'localhost') },
      ],
      lockdown: locked,
      health,
    },
    {
      id: 'long',
      name: LONG_NAME,
      url: wide.url,
      backends: [
        { id: 'app-1', url: near.url },
        { id: 'app-with-a-name-that-does-not-end', url: `http://${own}:${wide.port}` },
        { id: 'gone', url: 'http://127.0.0.1:9' },
      ],
      lockdown: locked,
      health,
    },
    { id: 'nas', name: 'NAS', url: `http://${own}:${wide.port}`, lockdown: { network: true }, health },
    { id: 'plain', name: 'Plain', url: `http://${own}:${wide.port}`, health },
  )
  await expect(page.getByRole('region', { name: 'Plain' })).toBeVisible()
  await page.keyboard.press('v')
  await expect(message(page, /backends verified/)).toBeVisible()
  await message(page, /backends verified/)
    .getByRole('button', { name: 'Close' })
    .click()
  await check(page, 'lock-down', page.getByRole('button', { name: 'Verify all' }))

  await show(page, '#/lockdown/plain')
  await check(page, 'lock-down, choose how', page.getByRole('button', { name: 'Make the secret' }))
  await page.getByRole('radio', { name: /PROXY protocol/ }).press('Space')
  await page.getByRole('button', { name: 'Show the text' }).click()
  await check(page, 'lock-down, PROXY protocol', page.getByRole('button', { name: 'Switch on PROXY protocol' }))
  await page.getByRole('button', { name: 'Choose how' }).click()
  await page.getByRole('radio', { name: /Secret header/ }).press('Space')
  await page.getByRole('button', { name: 'Make the secret' }).click()
  await page.getByRole('button', { name: 'Show the secret' }).click()
  await check(page, 'lock-down, apply', page.getByRole('button', { name: 'Verify', exact: true }))
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  await expect(page.getByText('A new secret waits')).toBeVisible()
  await check(page, 'lock-down, new secret', page.getByRole('button', { name: 'Use the new secret' }))
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expect(page.getByText('main still answers without the gateway', { exact: true })).toBeVisible()
  await check(page, 'lock-down, open', page.getByRole('button', { name: 'Done', exact: true }))
  await page.getByRole('button', { name: 'Remove lock-down' }).click()
  await check(page, 'lock-down, remove', page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }))
  await page.keyboard.press('Escape')

  await show(page, '#/lockdown/portal')
  await expect(page.getByText('Direct access is refused')).toBeVisible()
  await check(page, 'lock-down, locked', page.getByRole('button', { name: 'Done', exact: true }))
  await show(page, '#/lockdown/long')
  await expect(page.getByRole('row', { name: /Straight to the backend/ })).toBeVisible()
  await check(page, 'lock-down, mixed', page.getByRole('button', { name: 'Done', exact: true }))
  await show(page, '#/lockdown/nas')
  await check(page, 'lock-down, not proven', page.getByRole('button', { name: 'Done', exact: true }))
  await show(page, '#/lockdown/nowhere')
  await check(page, 'lock-down, no such service', page.getByRole('link', { name: 'Back to Lock-down' }))
  await show(page, '#/services/portal')
  await expect(page.locator('[data-backend=app-1]')).toContainText('Lock-down: Locked')
  await check(page, 'service with marks', page.getByRole('button', { name: 'Edit' }))
  await show(page, '#/services/long')
  await page.getByRole('tab', { name: 'Lock-down' }).click()
  await check(page, 'service, lock-down tab', page.getByRole('button', { name: 'Open guide' }))
})

const check = (page: Page, state: string, action?: Locator): Promise<void> => checkLooks(page, state, [...WINDOWS, ZOOMED], action)
