import { startBackend, type TestBackend } from '../fixtures/backend'
import { expect, test } from '../fixtures/desktop'
import { fetchAs } from '../fixtures/gateway'

const CANCEL = 0
const STOP_AND_QUIT = 1
const KEEP_RUNNING = 2

let backend: TestBackend
test.beforeEach(async () => {
  backend = await startBackend('hello')
})
test.afterEach(() => backend.stop())

test('Quit asks while services are live; Cancel leaves everything, Keep running closes the window only', async ({ launch, place }) => {
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => app.trayLabels()).toContain('The one service is online')

  await app.answerNext(CANCEL)
  await app.pressTray('quit')
  await expect.poll(() => app.recorded('dialogs')).toHaveLength(1)
  expect((await app.recorded('dialogs'))[0]).toMatchObject({
    message: 'Keep the gateway running?',
    detail: 'If you stop it, 1 service cannot be reached until AstroRelay is opened again.',
    buttons: ['Cancel', 'Stop and quit', 'Keep running'],
  })
  expect(await app.visible()).toBe(true)

  await app.answerNext(KEEP_RUNNING)
  await app.pressTray('quit')
  await expect.poll(() => app.visible()).toBe(false)
  expect(await fetchAs('wiki.test', place.listenerPort)).toMatchObject({ body: 'hello' })
})

test('Stop and quit ends app and gateway', async ({ launch, place }) => {
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => app.trayLabels()).toContain('The one service is online')
  await app.answerNext(STOP_AND_QUIT)
  await app.pressTray('quit').catch(() => undefined)
  expect(await app.ended).toBe(0)
  await expect(fetchAs('wiki.test', place.listenerPort)).rejects.toThrow(/ECONNREFUSED/)
})

test('without live services Quit does not ask', async ({ launch }) => {
  const app = await launch()
  await app.window()
  await expect.poll(() => app.trayLabels()).toContain('No services yet')
  await app.pressTray('quit').catch(() => undefined)
  expect(await app.ended).toBe(0)
})

test('“Do not ask again” holds for the next start too, until the tray is told to ask again', async ({ launch, place }) => {
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => app.trayLabels()).toContain('The one service is online')
  await app.answerNext(KEEP_RUNNING, true)
  await app.pressTray('quit')
  await expect.poll(() => app.visible()).toBe(false)
  expect((await app.recorded('dialogs'))[0]).toMatchObject({ checkboxLabel: 'Do not ask again' })
  await expect.poll(() => app.trayLabels()).toContain('Ask before quitting again')

  await app.pressTray('open')
  await expect.poll(() => app.visible()).toBe(true)
  await app.pressTray('quit')
  await expect.poll(() => app.visible()).toBe(false)
  expect(await app.recorded('dialogs')).toHaveLength(1)

  // With no window to hide, Quit is meant.
  await app.answerNext(STOP_AND_QUIT, true)
  await app.pressTray('quit').catch(() => undefined)
  expect(await app.ended).toBe(0)

  const again = await launch()
  await again.window()
  await expect.poll(() => again.trayLabels()).toEqual(expect.arrayContaining(['The one service is online', 'Ask before quitting again']))
  await again.pressTray('ask')
  await expect.poll(() => again.trayLabels()).not.toContain('Ask before quitting again')
  await again.pressTray('quit')
  await expect.poll(() => again.recorded('dialogs')).toHaveLength(1)
  expect(await fetchAs('wiki.test', place.listenerPort)).toMatchObject({ body: 'hello' })
})
