import { expect, onTestFinished, test, vi } from 'vitest'
import type { BackendStatus, EngineStatus, Status } from '../../../proxy/contract/status'
import { documentWith, FakeEngines } from '../../support/fake-engine'
import { backendOf, serviceOf } from '../../support/live-services'
import { startTestHost, type TestHost } from '../../support/test-host'
import { until } from '../../support/until'

const service = (id: string, backend: Partial<BackendStatus> = {}): EngineStatus['services'][number] =>
  serviceOf({ id, backends: [backendOf({ id: 'main', ...backend })] })

async function startWith(...services: EngineStatus['services']): Promise<TestHost> {
  const engines = new FakeEngines()
  engines.services = services
  return startTestHost({ engines, stored: documentWith(Object.fromEntries(services.map(({ id }) => [id, 3_000]))) })
}

function tick(engines: FakeEngines, at: number, requests: number): void {
  const counts = { id: 'main', service: 'wiki', lastCheck: { at, latency: 1 }, inFlight: 2, tunnels: 0, requests, failed: 0, latency: 3 }
  engines.emit('tick', { at, connections: 2, services: [], backends: [counts], listeners: [{ id: 'web', connections: 2 }] })
}

const mainOf = (status: Status) => status.services.find(({ id }) => id === 'wiki')?.backends[0]

test('the status says what goes on, as of the last second: connections, requests in line and under way, time-outs', async () => {
  const { host, engines } = await startWith(service('wiki'))
  const busy = { connections: 4, waiting: 1, running: 3, timers: 9 }
  engines.emit('tick', { at: Date.now(), connections: 4, services: [], busy })
  await vi.waitFor(async () => expect((await host.handlers.status({})).busy).toEqual(busy))
})

test('the engine is asked for its status once for its start, however many ticks, events, questions and scrapes come', async () => {
  const { host, engines } = await startWith(service('wiki'))
  const asked = (): number => engines.asked.filter((name) => name === 'status').length
  expect(asked()).toBe(1)
  for (let n = 1; n <= 20; n++) {
    tick(engines, Date.now(), n)
    engines.emit('health', {
      at: Date.now(),
      service: 'wiki',
      state: n % 2 === 0 ? 'online' : 'down',
      reason: null,
      onBackup: false,
      backend: backendOf({ id: 'main', health: n % 2 === 0 ? 'up' : 'down', requests: n }),
    })
    await host.handlers.status({})
    await host.handlers.metrics({})
  }
  await until('the last tick is heard', async () => mainOf(await host.handlers.status({}))?.requests === 20)
  expect(asked()).toBe(1)
})

test('ticks keep the status as fresh as if the engine were asked: counts, checks, listeners, metrics', async () => {
  const { host, engines } = await startWith(service('wiki'))
  tick(engines, 77, 5)
  const status = await until('the tick is heard', async () => {
    const now = await host.handlers.status({})
    return mainOf(now)?.requests === 5 ? now : null
  })
  expect(mainOf(status)).toMatchObject({ inFlight: 2, requests: 5, latency: 3, lastCheck: { at: 77, latency: 1 } })
  expect(status.listeners[0]?.connections).toBe(2)
  expect(await host.handlers.metrics({})).toContain('astrorelay_backend_requests_total{service="wiki",backend="main"} 5')
})

test('how often limits have struck is in status and metrics a second later, and stays there through ticks that bring no news of it', async () => {
  const { host, engines } = await startWith(service('wiki'))
  engines.emit('tick', { at: 1, connections: 0, services: [], limits: { connectionsPerClient: 44 } })
  tick(engines, 2, 5)
  await until('both ticks are heard', async () => mainOf(await host.handlers.status({}))?.requests === 5)
  expect((await host.handlers.status({})).limits).toEqual({ connectionsPerClient: 44 })
  expect(await host.handlers.metrics({})).toContain('astrorelay_limit_hits_total{limit="connectionsPerClient"} 44')
})

test('whoever hears an event finds it in the status', async () => {
  const { host, engines } = await startWith(service('wiki'))
  const found = new Promise<Status | Promise<Status>>((resolve) => host.on('health', () => resolve(host.handlers.status({}))))
  const backend = backendOf({ id: 'main', health: 'down', reason: 'connection refused' })
  engines.emit('health', { at: 1, service: 'wiki', state: 'down', reason: 'main: connection refused', onBackup: false, backend })
  expect((await found).services[0]).toMatchObject({ state: 'down', backends: [{ health: 'down', reason: 'connection refused' }] })
})

test('a save asks once, before it is told, so that who hears of it sees what it made', async () => {
  const { host, engines, current } = await startWith(service('wiki'))
  const { revision } = await current()
  const before = engines.asked.filter((name) => name === 'status').length
  engines.services = [service('wiki'), service('shop', { health: 'checking' })]
  const heard = new Promise<Status | Promise<Status>>((resolve) => host.on('config', () => resolve(host.handlers.status({}))))
  await host.handlers['config.put']({ document: documentWith({ wiki: 3_000, shop: 3_001 }), baseRevision: revision })
  expect((await heard).services.find(({ id }) => id === 'shop')?.backends[0]?.health).toBe('checking')
  expect(engines.asked.filter((name) => name === 'status').length - before).toBe(1)
})

test('a backend that is put into maintenance ends its alarm, told as planned to every client', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] })
  onTestFinished(() => void vi.useRealTimers())
  const { host, engines } = await startWith(service('wiki'))
  // Checks have to find their feet before anybody is told.
  vi.advanceTimersByTime(16_000)
  const down = backendOf({ id: 'main', health: 'down', reason: 'connection refused' })
  const health = { at: 1, service: 'wiki', state: 'down', reason: 'main: connection refused', onBackup: false, backend: down }
  const alerts: { readonly level: string; readonly text: string }[] = []
  host.on('alert', (alert) => void alerts.push(alert))
  engines.emit('health', health)
  await until('the alarm', () => alerts.length === 1)
  engines.services = [serviceOf({ id: 'wiki', state: 'attention', backends: [{ ...down, state: 'maintenance', health: 'unwatched' }] })]
  await host.handlers['backend.state']({ service: 'wiki', backend: 'main', state: 'maintenance', disconnect: false })
  expect(alerts.map(({ level }) => level)).toEqual(['down', 'planned'])
  expect(alerts[1]?.text).toBe('main is in maintenance, as planned.')
})
