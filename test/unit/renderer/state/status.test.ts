import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ControlClient } from '../../../../renderer/api/client'
import { applyHealth, applyTick, type LiveStatus, startStatus } from '../../../../renderer/state/status'
import { FakeHost } from '../../../support/fake-host'

const host = new FakeHost({
  document: {
    version: 1,
    listeners: [{ id: 'web', port: 80 }],
    services: ['a', 'b'].map((id) => ({ id, hosts: [`${id}.lan`], backends: [{ id: 'main', url: 'http://127.0.0.1:3000' }] })),
  },
})
const live: LiveStatus = { status: host.status(), connections: 0, heardAt: null }

function traffic(perSecond: number) {
  return {
    requests: 1,
    answers: [0, 1, 0, 0, 0] as [number, number, number, number, number],
    refused: 0,
    failed: 0,
    bytesIn: 0,
    bytesOut: 0,
    inFlight: 0,
    perSecond,
    latency: null,
  }
}

const HEARD = { at: 100, elapsed: 1 }

describe('live status', () => {
  it('a tick moves the services it names; the others come to rest', () => {
    const first = applyTick(live, { at: 1, services: [{ id: 'a', traffic: traffic(3) }], connections: 7 }, HEARD)
    expect(first).toMatchObject({ connections: 7, heardAt: HEARD })
    expect(first.status?.services.map((service) => service.traffic.perSecond)).toEqual([3, 0])
    const second = applyTick(first, { at: 2, services: [], connections: 0 }, HEARD)
    expect(second.status?.services.map((service) => service.traffic.perSecond)).toEqual([0, 0])
  })

  it('a service without news stays the very same, so that its row is not drawn again', () => {
    const next = applyTick(live, { at: 1, services: [{ id: 'a', traffic: traffic(3) }], connections: 0 }, HEARD)
    expect(next.status?.services[1]).toBe(live.status?.services[1])
  })

  it('a failed backend marks its service and itself', () => {
    const backend = live.status?.services[0]?.backends[0]
    if (!backend) throw new Error('the fake host has no backend')
    const next = applyHealth(live, {
      at: 1,
      service: 'a',
      state: 'down',
      reason: 'connection refused',
      onBackup: false,
      backend: { ...backend, health: 'down', reason: 'connection refused' },
    })
    expect(next.status?.services[0]).toMatchObject({ state: 'down', reason: 'connection refused', backends: [{ health: 'down' }] })
    expect(next.status?.services[1]?.state).toBe('online')
  })

  it('a tick moves what it tells of backends and listeners, and nothing of the others', () => {
    const counts = { id: 'main', lastCheck: { at: 5, latency: 2 }, inFlight: 2, tunnels: 1, requests: 9, failed: 1, latency: 3 }
    const next = applyTick(
      live,
      { at: 1, services: [], connections: 2, backends: [{ service: 'b', ...counts }], listeners: [{ id: 'web', connections: 2 }] },
      HEARD,
    )
    expect(next.status?.services[1]?.backends[0]).toMatchObject({ ...counts, health: 'up', url: 'http://127.0.0.1:3000' })
    expect(next.status?.services[0]).toBe(live.status?.services[0])
    expect(next.status?.listeners[0]?.connections).toBe(2)
  })

  it('is not asked for again while ticks come, and a tick that overtook an answer is not undone by it', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const heard = new Map<string, (payload: unknown) => void>()
    const counts = { id: 'main', lastCheck: null, inFlight: 0, tunnels: 0, requests: 9, failed: 0, latency: null }
    const tick = { at: 1, services: [], connections: 0, backends: [{ service: 'a', ...counts }] }
    let asked = 0
    const client = {
      call() {
        asked++
        heard.get('tick')?.(tick)
        return Promise.resolve(host.status())
      },
      on: (name: string, listener: (payload: unknown) => void) => void heard.set(name, listener),
      onConnection: () => undefined,
    }
    const store = startStatus(client as unknown as ControlClient)
    await store.refresh()
    expect(store.get().status?.services[0]?.backends[0]?.requests).toBe(9)
    for (let second = 0; second < 60; second++) {
      heard.get('tick')?.({ ...tick, backends: [{ service: 'a', ...counts, requests: 10 + second }] })
      await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(store.get().status?.services[0]?.backends[0]?.requests).toBe(69)
    expect(asked).toBe(1)
  })

  it('an answer that an event overtook is asked for again, so that it undoes nothing', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const heard = new Map<string, (payload: unknown) => void>()
    const backend = live.status?.services[0]?.backends[0]
    const down = { at: 1, service: 'a', state: 'down', reason: 'connection refused', backend: { ...backend, health: 'down' } }
    let asked = 0
    const client = {
      call() {
        // The first answer was made before the event and comes after it; the second knows of it.
        if (++asked === 1) heard.get('health')?.(down)
        const status = host.status()
        return Promise.resolve(
          asked === 1
            ? status
            : { ...status, services: status.services.map((service) => (service.id === 'a' ? { ...service, state: 'down' } : service)) },
        )
      },
      on: (name: string, listener: (payload: unknown) => void) => void heard.set(name, listener),
      onConnection: () => undefined,
    }
    const store = startStatus(client as unknown as ControlClient)
    await store.refresh()
    expect(asked).toBe(2)
    expect(store.get().status?.services[0]?.state).toBe('down')
  })
})
