import { steadyLoad } from '../../support/steady-load'
import { startBackend } from '../fixtures/backend'
import { expect, test } from '../fixtures/desktop'
import type { DesktopApp } from '../fixtures/desktop-app'
import { fetchAs } from '../fixtures/gateway'

/** The app with one service that answers. */
async function serving(launch: () => Promise<DesktopApp>, listenerPort: number) {
  const backend = await startBackend('hello')
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => fetchAs('wiki.test', listenerPort)).toMatchObject({ status: 200 })
  const { engine } = await app.call('status', {})
  return { app, backend, enginePid: engine.pid }
}

test('visitors are served while the app is killed and opened again: nothing is lost, by the same engine', async ({ launch, place }) => {
  const { app, backend, enginePid } = await serving(launch, place.listenerPort)
  const load = steadyLoad(place.listenerPort, 'wiki.test')
  await load.served(200)
  app.electron.process().kill('SIGKILL')
  await app.ended
  await load.served(500)
  const again = await launch()
  await again.window()
  await expect.poll(async () => (await again.call('status', {})).engine).toMatchObject({ state: 'running', pid: enginePid, restarts: 0 })
  await load.served(200)
  expect(await load.end()).toEqual([])
  await backend.stop()
})

test('visitors are served while the app hangs', async ({ launch, place }) => {
  test.skip(process.platform === 'win32', 'Windows knows no SIGSTOP')
  const { app, backend, enginePid } = await serving(launch, place.listenerPort)
  const load = steadyLoad(place.listenerPort, 'wiki.test')
  app.electron.process().kill('SIGSTOP')
  await load.served(500)
  app.electron.process().kill('SIGCONT')
  await load.served(100)
  expect(await load.end()).toEqual([])
  expect((await app.call('status', {})).engine).toMatchObject({ state: 'running', pid: enginePid, restarts: 0 })
  await backend.stop()
})

test('a restart asked for in the app refuses nobody', async ({ launch, place }) => {
  const { app, backend, enginePid } = await serving(launch, place.listenerPort)
  const load = steadyLoad(place.listenerPort, 'wiki.test')
  await load.served(200)
  const { pid } = await app.call('engine.restart', {})
  await load.served(200)
  expect(await load.end()).toEqual([])
  expect(pid).not.toBe(enginePid)
  await backend.stop()
})
