import { startBackend } from '../fixtures/backend'
import { expect, test } from '../fixtures/desktop'
import { fetchAs } from '../fixtures/gateway'

test('a service exposed in the app answers through the gateway, which runs in a process of its own', async ({ launch, place }) => {
  const backend = await startBackend('hello from the backend')
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => fetchAs('wiki.test', place.listenerPort)).toEqual({ status: 200, body: 'hello from the backend' })
  const { engine } = await app.call('status', {})
  expect(engine.pid).not.toBe(await app.electron.evaluate(() => process.pid))
  await backend.stop()
})

test('a gateway that crashes is back within a second, and the person is told once', async ({ launch, place }) => {
  const backend = await startBackend('hello')
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => fetchAs('wiki.test', place.listenerPort)).toMatchObject({ status: 200 })
  await app.closeWindow()

  const { engine } = await app.call('status', {})
  process.kill(engine.pid ?? 0, 'SIGKILL')
  await expect.poll(() => fetchAs('wiki.test', place.listenerPort).catch(() => null), { timeout: 3_000 }).toMatchObject({ body: 'hello' })
  await expect.poll(async () => (await app.notifications()).filter(({ title }) => title === 'The gateway stopped by itself')).toHaveLength(1)

  await app.pressNotification('The gateway stopped by itself')
  await expect.poll(() => app.visible()).toBe(true)
  expect((await app.call('status', {})).engine).toMatchObject({ state: 'running', restarts: 1 })
  await backend.stop()
})
