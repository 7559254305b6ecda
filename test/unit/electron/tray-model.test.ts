import { describe, expect, test } from 'vitest'
import { tellsTray, trayModel } from '../../../electron/main/tray-model'
import { backendOf } from '../../support/live-services'
import type { ListenerStatus, ServiceState, Status } from '../../../proxy/contract/status'

function service(id: string, state: ServiceState): Status['services'][number] {
  return {
    id,
    name: id,
    type: 'http',
    state,
    reason: null,
    addresses: [`http://${id}.test`],
    backends: [],
    onBackup: false,
    maintenance: false,
    traffic: {
      requests: 0,
      answers: [0, 0, 0, 0, 0],
      refused: 0,
      failed: 0,
      bytesIn: 0,
      bytesOut: 0,
      inFlight: 0,
      perSecond: 0,
      latency: null,
    },
  }
}

type Part = Pick<Status['services'][number]['backends'][number], 'role' | 'state' | 'inFlight'>

function listener(id: string, reason: string | null): ListenerStatus {
  return {
    id,
    address: '0.0.0.0',
    port: 80,
    protocol: 'http',
    state: reason === null ? 'listening' : 'failed',
    reason,
    code: null,
    holder: null,
    connections: 0,
  }
}

function status(
  states: readonly ServiceState[],
  engine: Status['engine']['state'] = 'running',
  listeners: ListenerStatus[] = [listener('web', null)],
): Status {
  return {
    version: '0.1.0',
    revision: '1',
    at: 0,
    listeners,
    engine: { state: engine, pid: 1, startedAt: 0, restarts: 0, lastFailure: null, nextTryAt: null },
    services: states.map((state, index) => service(`s${index + 1}`, state)),
  }
}

describe('the tray', () => {
  test.each<[readonly ServiceState[], string, string]>([
    [[], 'ok', 'AstroRelay: no services yet'],
    [['online'], 'ok', 'AstroRelay: the one service is online'],
    [['online', 'online', 'off'], 'ok', 'AstroRelay: all 2 services are online'],
    [['online', 'checking', 'online'], 'ok', 'AstroRelay: 1 of 3 services is being checked'],
    [['down'], 'down', 'AstroRelay: the one service is down'],
    [['online', 'attention'], 'warn', 'AstroRelay: 1 of 2 services needs attention'],
    [['attention', 'down', 'down'], 'down', 'AstroRelay: 2 of 3 services are down'],
    [['off'], 'ok', 'AstroRelay: every service is off'],
  ])('tells the worst of %j by shape and in words', (states, shape, tooltip) => {
    expect(trayModel(status(states))).toMatchObject({ shape, tooltip })
  })

  test.each<[Status['engine']['state'], string, string, boolean]>([
    ['stopped', 'stopped', 'AstroRelay: the gateway is stopped', false],
    ['failed', 'down', 'AstroRelay: the gateway failed', false],
    ['restarting', 'warn', 'AstroRelay: the gateway is restarting', true],
    ['starting', 'ok', 'AstroRelay: the gateway is starting', true],
  ])('tells a gateway that is %s', (state, shape, tooltip, running) => {
    expect(trayModel(status(['online'], state))).toMatchObject({ shape, tooltip, running, gateway: `Gateway ${state}` })
  })

  test('names the port that could not be opened, as worse where it is the only one', () => {
    const taken = listener('web', 'port 80 is in use by nginx (pid 812)')
    expect(trayModel(status(['online'], 'running', [taken, listener('alt', null)]))).toMatchObject({
      shape: 'warn',
      summary: 'Port 80 is in use by nginx (pid 812)',
    })
    expect(trayModel(status(['online'], 'running', [taken]))).toMatchObject({ shape: 'down' })
  })

  test.each<[string, readonly Part[], string]>([
    ['its only primary drains', [{ role: 'primary', state: 'draining', inFlight: 3 }], 's1 · Draining, 3 left'],
    [
      'another primary works',
      [
        { role: 'primary', state: 'draining', inFlight: 3 },
        { role: 'primary', state: 'active', inFlight: 0 },
      ],
      's1 · Online',
    ],
    ['all of it is in maintenance', [{ role: 'primary', state: 'maintenance', inFlight: 0 }], 's1 · Maintenance'],
  ])('says what somebody took out: %s', (_, parts, label) => {
    const known = status(['online'])
    const backends = parts.map((part, index) => ({
      id: `b${index}`,
      url: 'http://127.0.0.1:1',
      health: 'up' as const,
      drain: null,
      reason: null,
      since: 0,
      lastCheck: null,
      tunnels: 0,
      requests: 0,
      failed: 0,
      latency: null,
      ...part,
    }))
    expect(trayModel({ ...known, services: known.services.map((one) => ({ ...one, backends })) }).services[0]?.label).toBe(label)
  })

  test('lists the services with their state, those that need somebody first', () => {
    expect(trayModel(status(['online', 'attention', 'off', 'down'])).services.map(({ label }) => label)).toEqual([
      's4 · Down',
      's2 · Needs attention',
      's1 · Online',
      's3 · Off',
    ])
  })
})

test('a second of traffic is nothing to the tray; a service that turned, or what is left of a drain, is', () => {
  const counts = { id: 'main', lastCheck: null, inFlight: 3, tunnels: 0, requests: 9, failed: 0, latency: null }
  const tick = { at: 0, services: [], connections: 3, backends: [{ service: 's1', ...counts }] }
  const before = status(['online', 'online'])
  expect(tellsTray(tick, trayModel(before))).toBe(false)
  expect(tellsTray({ at: 0, services: [], connections: 0 }, trayModel(before))).toBe(false)
  expect(tellsTray({ ...tick, verdicts: [{ id: 's1', state: 'down', reason: 'x', onBackup: false }] }, trayModel(before))).toBe(true)
  const drained = before.services.map((one) => ({ ...one, backends: [backendOf({ id: 'main', state: 'draining' })] }))
  expect(tellsTray(tick, trayModel({ ...before, services: drained }))).toBe(true)
})
