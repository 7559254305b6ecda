import { type AddressInfo, createServer } from 'node:net'
import { z } from 'zod'
import { startBackend } from '../fixtures/backend'
import { expect, test } from '../fixtures/desktop'
import type { DesktopApp } from '../fixtures/desktop-app'
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

test('a gateway that crashes is back by itself, and the person is told once', async ({ launch, place }) => {
  const backend = await startBackend('hello')
  const app = await launch()
  await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => fetchAs('wiki.test', place.listenerPort)).toMatchObject({ status: 200 })
  await app.closeWindow()

  const { engine } = await app.call('status', {})
  process.kill(engine.pid ?? 0, 'SIGKILL')
  await expect.poll(() => fetchAs('wiki.test', place.listenerPort).catch(() => null)).toMatchObject({ body: 'hello' })
  await expect
    .poll(async () => (await app.notifications()).filter(({ title }) => title === 'The gateway stopped by itself'))
    .toHaveLength(1)

  await app.pressNotification('The gateway stopped by itself')
  await expect.poll(() => app.visible()).toBe(true)
  expect((await app.call('status', {})).engine).toMatchObject({ state: 'running', restarts: 1 })
  await backend.stop()
})

test('a click on a notification leads to where something can be done', async ({ launch }) => {
  const holder = createServer()
  await new Promise<void>((resolve) => void holder.listen(0, '127.0.0.1', resolve))
  const app = await launch()
  const page = await app.window()
  const { document } = await app.call('config.get', {})
  const { listeners, ...rest } = z.looseObject({ listeners: z.array(z.unknown()) }).parse(document)
  await app.call('config.put', {
    document: { ...rest, listeners: [...listeners, { id: 'taken', address: '127.0.0.1', port: (holder.address() as AddressInfo).port }] },
  })
  await expect.poll(async () => (await app.notifications()).map(({ title }) => title)).toContain('Listener taken is not open')
  await app.closeWindow()
  await app.pressNotification('Listener taken is not open')
  await expect.poll(() => app.visible()).toBe(true)
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  holder.close()
})

test('a service that fails is told of once, with the reason; a click opens it, and its return takes the place of the alarm', async ({
  launch,
  place,
}) => {
  const backend = await startBackend('hello')
  const app = await launch()
  const page = await app.window()
  await app.expose('wiki', 'Office wiki', backend.url)
  await expect.poll(() => fetchAs('wiki.test', place.listenerPort)).toMatchObject({ status: 200 })
  await pastStart(app)

  await backend.stop()
  for (let request = 0; request < 3; request++) await fetchAs('wiki.test', place.listenerPort)
  await expect
    .poll(() => app.notifications())
    .toEqual([{ title: 'Office wiki is down', body: expect.stringMatching(/connection refused.*Nobody can be served/) }])
  expect(await app.trayLabels()).toContain('Office wiki · Down')
  await app.pressNotification('Office wiki is down')
  await expect(page.getByRole('heading', { name: 'Office wiki' })).toBeVisible()

  const again = await startBackend('hello', backend.port)
  await expect
    .poll(async () => (await app.notifications()).map(({ title }) => title), { timeout: 20_000 })
    .toEqual(['Office wiki is down', 'Office wiki is back'])
  await again.stop()
})

test('a service on its backup is told once; a muted one is not told of; what is drained on purpose is only seen', async ({
  launch,
  place,
}) => {
  const a = await startBackend('a')
  const b = await startBackend('b')
  const app = await launch()
  await app.window()
  const health = { interval: '1s', timeout: '500ms', fall: 1, rise: 1 }
  const service = (id: string, name: string, more: object): object => ({
    id,
    name,
    hosts: [`${id}.test`],
    health,
    backends: [
      { id: 'a', url: a.url },
      { id: 'b', url: b.url, role: 'backup' },
    ],
    ...more,
  })
  const { document } = await app.call('config.get', {})
  await app.call('config.put', {
    document: {
      ...(document as object),
      services: [service('wiki', 'Office wiki', {}), service('quiet', 'Quiet one', { alerts: { mute: true } })],
    },
  })
  await expect
    .poll(async () => (await app.trayLabels()).slice(0, 4))
    .toEqual(['All 2 services are online', 'Gateway running', '-', 'Office wiki · Online'])
  await pastStart(app)

  await a.stop()
  await expect
    .poll(() => app.notifications())
    .toEqual([{ title: 'Office wiki is on its backup', body: expect.stringMatching(/^a: connection refused.*A backup answers/) }])
  await expect.poll(() => app.trayLabels()).toContain('Office wiki · On backup')
  expect(await app.trayLabels()).toContain('Quiet one · On backup')
  expect(await fetchAs('wiki.test', place.listenerPort)).toMatchObject({ body: 'b' })

  await app.call('backend.state', { service: 'wiki', backend: 'a', state: 'maintenance', disconnect: false })
  await app.call('backend.state', { service: 'wiki', backend: 'b', state: 'maintenance', disconnect: false })
  await expect.poll(() => app.trayLabels()).toContain('Office wiki · Maintenance')
  expect((await app.notifications()).filter(({ title }) => title.includes('Quiet') || title.includes('down'))).toEqual([])
  await b.stop()
})

/** What the first checks after a start find is not told, since they have to find their feet: 15 s of the gateway's own clock. */
async function pastStart(app: DesktopApp): Promise<void> {
  await expect
    .poll(() => app.call('status', {}).then(({ at, engine }) => at - (engine.startedAt ?? at)), { timeout: 30_000 })
    .toBeGreaterThan(16_000)
}
