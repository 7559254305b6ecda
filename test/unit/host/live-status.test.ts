import { expect, test } from 'vitest'
import type { EngineStatus, ListenerStatus } from '../../../proxy/contract/status'
import { LiveStatus } from '../../../proxy/host/live-status'
import { backendOf, serviceOf } from '../../support/live-services'

const web: ListenerStatus = {
  id: 'web',
  address: '::',
  port: 80,
  protocol: 'http',
  state: 'listening',
  reason: null,
  code: null,
  holder: null,
  connections: 0,
}

function statusOf(part: Partial<EngineStatus> = {}): EngineStatus {
  return {
    startedAt: 0,
    listeners: [web],
    services: [serviceOf({ id: 'wiki' }), serviceOf({ id: 'shop' })],
    memory: { rss: 0 },
    busy: { connections: 0, waiting: 0, running: 0, timers: 0 },
    ...part,
  }
}

const counts = { id: 'main', lastCheck: { at: 5, latency: 2 }, inFlight: 3, tunnels: 1, requests: 9, failed: 1, latency: 4 }

async function known(): Promise<LiveStatus> {
  const live = new LiveStatus()
  await live.learn(() => Promise.resolve(statusOf()))
  return live
}

test('ticks move traffic, backends, listeners and verdicts; what they do not name stays the very same', async () => {
  const live = await known()
  const before = live.known?.services[1]
  const traffic = { ...serviceOf({ id: 'wiki' }).traffic, requests: 9, perSecond: 9 }
  live.ticked({
    at: 1,
    connections: 4,
    services: [{ id: 'wiki', traffic }],
    backends: [{ service: 'wiki', ...counts }],
    listeners: [{ id: 'web', connections: 4 }],
    verdicts: [{ id: 'wiki', state: 'attention', reason: 'port 81 is in use', onBackup: false }],
  })
  expect(live.known?.services[0]).toEqual(
    serviceOf({ id: 'wiki', state: 'attention', reason: 'port 81 is in use', traffic, backends: [backendOf(counts)] }),
  )
  expect(live.known?.listeners[0]?.connections).toBe(4)
  expect(live.known?.services[1]).toBe(before)
})

test('a health event moves its service and its backend; a listener event its listener', async () => {
  const live = await known()
  const backend = backendOf({ id: 'main', health: 'down', reason: 'connection refused' })
  live.healthChanged({ at: 1, service: 'shop', state: 'down', reason: 'main: connection refused', onBackup: false, backend })
  live.listenerChanged({ ...web, state: 'failed', reason: 'port 80 is in use' })
  expect(live.known).toEqual(
    statusOf({
      listeners: [{ ...web, state: 'failed', reason: 'port 80 is in use' }],
      services: [
        serviceOf({ id: 'wiki' }),
        serviceOf({ id: 'shop', state: 'down', reason: 'main: connection refused', backends: [backend] }),
      ],
    }),
  )
})

test('what is heard while an answer is on its way is not undone by it', async () => {
  const live = await known()
  const backend = backendOf({ id: 'main', health: 'down', reason: 'connection refused' })
  await live.learn(() => {
    live.healthChanged({ at: 1, service: 'wiki', state: 'down', reason: 'connection refused', onBackup: false, backend })
    return Promise.resolve(statusOf())
  })
  expect(live.known?.services[0]?.state).toBe('down')
})

test('an answer of an engine that is gone tells nothing of the next one', async () => {
  const live = new LiveStatus()
  await live.learn(() => {
    live.forget()
    return Promise.resolve(statusOf())
  })
  expect(live.known).toBeNull()
})
