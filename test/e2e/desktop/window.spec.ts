import { expect, test } from '../fixtures/desktop'

test('the app opens on its services, in one window that is not smaller than the design allows', async ({ launch }) => {
  const app = await launch()
  const page = await app.window()
  await expect.poll(() => app.visible()).toBe(true)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await page.title()).toContain('AstroRelay')
  expect(
    await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.getMinimumSize())),
  ).toEqual([[880, 600]])
})

test('closing the window keeps the gateway running and says so once', async ({ launch }) => {
  const app = await launch()
  const page = await app.window()
  await expect.poll(() => app.visible()).toBe(true)
  await app.closeWindow()
  expect(await app.visible()).toBe(false)
  expect(page.isClosed()).toBe(false)
  await expect
    .poll(() => app.notifications())
    .toEqual([{ title: 'AstroRelay keeps running', body: expect.stringContaining('stay reachable') }])
  expect((await app.call('status', {})).engine.state).toBe('running')

  await app.pressTray('open')
  await expect.poll(() => app.visible()).toBe(true)
  await app.closeWindow()
  await app.close()

  const again = await launch()
  await expect.poll(() => again.visible()).toBe(true)
  await again.closeWindow()
  await again.pressTray('open')
  expect(await again.notifications()).toEqual([])
})

test('a second start shows the first window and ends', async ({ launch, launchToEnd }) => {
  const app = await launch()
  await expect.poll(() => app.visible()).toBe(true)
  await app.closeWindow()
  expect((await launchToEnd()).code).toBe(0)
  await expect.poll(() => app.visible()).toBe(true)
})

test('started hidden, it stays in the tray until it is asked for', async ({ launch }) => {
  const app = await launch('--hidden')
  await expect.poll(() => app.trayLabels()).toContain('Open AstroRelay')
  await app.window()
  expect(await app.visible()).toBe(false)
  await app.pressTray('open')
  await expect.poll(() => app.visible()).toBe(true)
})

test('the window comes back where it was', async ({ launch }) => {
  const first = await launch()
  await expect.poll(() => first.visible()).toBe(true)
  const bounds = { x: 140, y: 90, width: 1_000, height: 700 }
  await first.electron.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), bounds)
  await first.closeWindow()
  await first.close()

  const second = await launch()
  await expect.poll(() => second.visible()).toBe(true)
  expect(await second.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(bounds)
})
