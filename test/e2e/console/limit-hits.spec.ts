import { ask } from '../../support/ask'
import { expect, openConsole, test } from './console-test'

test('a limit that strikes is counted in the settings, with the setting that changes it', async ({ consoleHost, page }) => {
  await openConsole(page, consoleHost.link, '#/settings')
  await page.getByRole('tab', { name: 'Gateway' }).click()
  const reached = page.getByRole('region', { name: 'Limits that were reached' })
  await expect(reached).toContainText('None since the gateway started.')
  const { status } = await ask(consoleHost.listenerPort, '/', { headers: { 'x-long': 'a'.repeat(40_000) } })
  expect(status).toBe(431)
  await expect(reached.getByText('A request’s head was too large').locator('../..')).toHaveText(
    /^1 time\s*A request’s head was too large\s*settings\.limits\.headerBytes$/,
  )
})
