import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Config, configSchema } from '../../../proxy/contract/config/document'
import type { Service } from '../../../proxy/contract/config/service'
import type { Alert } from '../../../proxy/contract/events'
import type { BackendStatus, EngineStatus } from '../../../proxy/contract/status'
import { Alerts } from '../../../proxy/host/alerts/alerts'
import { backendOf, serviceOf } from '../../support/live-services'

type Live = EngineStatus['services']
type Fails = Readonly<Record<string, readonly string[]>>

let told: Alert[]
let alerts: Alerts
let config: Config
/** What is down now: service → backends. */
let down: Fails

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  told = []
  down = {}
  config = configSchema.parse({
    version: 1,
    services: ['wiki', 'shop'].map((id) => ({
      id,
      name: `The ${id}`,
      backends: ['main', 'spare'].map((backend, at) => ({ id: backend, url: `http://10.0.0.${at + 1}:80` })),
    })),
  })
  alerts = new Alerts({
    config: () => config,
    emit: (alert) => void told.push(alert),
    elapsed: () => performance.now(),
    wallTime: Date.now,
  })
  vi.advanceTimersByTime(20_000)
})
afterEach(() => {
  alerts.stop()
  vi.useRealTimers()
})

/** The services as an engine would tell them: what is taken out is not asked how it is. */
function live(): Live {
  return config.services.map((service) => {
    const backends = service.backends.map((backend) => {
      const isDown = down[service.id]?.includes(backend.id) ?? false
      const health: BackendStatus['health'] = backend.state === 'maintenance' ? 'unwatched' : isDown ? 'down' : 'up'
      return backendOf({ id: backend.id, url: backend.url, state: backend.state, health, reason: isDown ? 'connection refused' : null })
    })
    const active = backends.filter(({ state }) => state === 'active')
    const failed = active.filter(({ health }) => health === 'down')
    const state = !service.enabled
      ? 'off'
      : active.length === 0
        ? 'attention'
        : failed.length === active.length
          ? 'down'
          : failed.length > 0
            ? 'attention'
            : 'online'
    return serviceOf({ id: service.id, state, backends })
  })
}

/** Backends go down, or come back, and the engine tells it. */
function become(next: Fails): void {
  const before = down
  down = next
  for (const { id, state, reason, onBackup, backends } of live())
    for (const backend of backends)
      if ((before[id]?.includes(backend.id) ?? false) !== (next[id]?.includes(backend.id) ?? false))
        alerts.heard({ at: Date.now(), service: id, state, reason, onBackup, backend })
  vi.advanceTimersByTime(2_000)
}

/** Somebody saves a change of the wiki; `null`: it is deleted. */
function save(edit: ((service: Service) => Service) | null): void {
  config = {
    ...config,
    services: config.services.flatMap((service) => (service.id !== 'wiki' ? [service] : edit === null ? [] : [edit(service)])),
  }
  alerts.review(live())
  vi.advanceTimersByTime(2_000)
}

const editMain =
  (change: Partial<Service['backends'][number]>) =>
  (service: Service): Service => ({
    ...service,
    backends: service.backends.map((backend) => (backend.id === 'main' ? { ...backend, ...change } : backend)),
  })

test.each<[string, ((service: Service) => Service) | null, string]>([
  ['its backend is put into maintenance', editMain({ state: 'maintenance' }), 'main is in maintenance, as planned.'],
  ['its backend is drained', editMain({ state: 'draining' }), 'main is being drained, as planned.'],
  [
    'its backend is removed',
    (service) => ({ ...service, backends: service.backends.filter(({ id }) => id !== 'main') }),
    'main was removed, as planned.',
  ],
  ['its backend gets another address', editMain({ url: 'http://10.0.0.9:80' }), 'main has another address, as planned.'],
  ['the service is deleted', null, 'The service was removed, as planned.'],
  ['the service is switched off', (service) => ({ ...service, enabled: false }), 'The service is switched off, as planned.'],
  ['the service is muted', (service) => ({ ...service, alerts: { mute: true } }), 'Its alerts are muted, as planned.'],
  [
    'its maintenance page is on',
    (service) => ({ ...service, maintenance: { ...service.maintenance, mode: 'on' } }),
    'Visitors get the maintenance page, as planned.',
  ],
  [
    'its health is not checked any more',
    (service) => ({ ...service, health: { ...service.health, type: 'off' } }),
    'Its health is not checked any more, as planned.',
  ],
])('the alarm of a backend that is down ends when %s, told as planned and not as a recovery', (_what, edit, text) => {
  become({ wiki: ['main'] })
  if (text.includes('address') || text.includes('not checked')) down = {}
  save(edit)
  expect(told.map(({ level }) => level)).toEqual(['attention', 'planned'])
  expect(told[1]).toMatchObject({ id: told[0]?.id, services: ['wiki'], title: 'The alarm of The wiki has ended', text })
})

test('an alarm stands while another of its backends is down, and ends as planned with the last of them taken out', () => {
  become({ wiki: ['main', 'spare'] })
  save(editMain({ state: 'maintenance' }))
  expect(told.map(({ level }) => level)).toEqual(['down'])
  save((service) => ({ ...service, backends: service.backends.map((backend) => ({ ...backend, state: 'maintenance' })) }))
  expect(told.map(({ level }) => level)).toEqual(['down', 'planned'])
  expect(told[1]?.text).toBe('spare is in maintenance, as planned.')
})

test('of two services of one alarm, one is muted and the other comes back: only the other is said to be back', () => {
  become({ wiki: ['main'], shop: ['main'] })
  save((service) => ({ ...service, alerts: { mute: true } }))
  expect(told.map(({ level }) => level)).toEqual(['attention'])
  become({ wiki: ['main'] })
  expect(told.at(-1)).toMatchObject({ level: 'back', services: ['shop'], title: 'The shop is well again' })
})

test('a service that is heard of again is told of, if it is still away: unmuted, switched on, its mute over', () => {
  become({ wiki: ['main', 'spare'] })
  save((service) => ({ ...service, alerts: { mute: true } }))
  save((service) => ({ ...service, alerts: { mute: false } }))
  save((service) => ({ ...service, enabled: false }))
  save((service) => ({ ...service, enabled: true }))
  save((service) => ({ ...service, alerts: { mute: false, muteUntil: new Date(Date.now() + 60_000).toISOString() } }))
  expect(told.map(({ level }) => level)).toEqual(['down', 'planned', 'down', 'planned', 'down', 'planned'])
  // Three times within five minutes is enough: the fourth waits for as long, and comes if it still holds.
  vi.advanceTimersByTime(61_000)
  expect(alerts.waits).toBe(true)
  alerts.review(live())
  vi.advanceTimersByTime(2_000)
  expect(told).toHaveLength(6)
  vi.advanceTimersByTime(5 * 60_000)
  expect(told.map(({ level }) => level).slice(6)).toEqual(['down'])
})

test('a listener that opens again ends the alarm of a service whose backend had come back behind it', () => {
  become({ wiki: ['main', 'spare'] })
  down = {}
  const shut = live().map((service) => ({ ...service, state: 'down' as const, reason: 'port 80 is in use' }))
  const [wiki] = shut
  if (wiki === undefined) throw new Error('there is no wiki')
  for (const backend of wiki.backends)
    alerts.heard({ at: Date.now(), service: 'wiki', state: 'down', reason: wiki.reason, onBackup: false, backend })
  alerts.review(shut)
  expect(told.map(({ level }) => level)).toEqual(['down'])
  alerts.review(live())
  expect(told.map(({ level }) => level)).toEqual(['down', 'back'])
})

test('a port that is taken raises no alarm for each service on it: the listener has its own notice', () => {
  alerts.review(live().map((service) => ({ ...service, state: 'down' as const, reason: 'port 80 is in use' })))
  vi.advanceTimersByTime(10_000)
  expect(told).toEqual([])
})

test('a gateway that is stopped ends every alarm; started again, it tells once more of what is still away', () => {
  become({ wiki: ['main'] })
  alerts.stopped()
  expect(told.at(-1)).toMatchObject({ level: 'planned', text: 'The gateway is stopped, as planned.' })
  alerts.started()
  vi.advanceTimersByTime(16_000)
  alerts.review(live())
  vi.advanceTimersByTime(2_000)
  expect(told.map(({ level }) => level)).toEqual(['attention', 'planned', 'attention'])
})

test('an alarm outlives a gateway that crashed: nothing is said while it only checks, and the return is told', () => {
  become({ wiki: ['main'] })
  alerts.started()
  const checking = live().map((service) => ({
    ...service,
    state: 'checking' as const,
    backends: service.backends.map((backend) => ({ ...backend, health: 'checking' as const })),
  }))
  alerts.review(checking)
  expect(told.map(({ level }) => level)).toEqual(['attention'])
  become({})
  expect(told.map(({ level }) => level)).toEqual(['attention', 'back'])
})

test('two alarms of one machine that get worse together both end', () => {
  become({ wiki: ['main'] })
  vi.advanceTimersByTime(30_000)
  become({ wiki: ['main'], shop: ['main'] })
  become({ wiki: ['main', 'spare'], shop: ['main', 'spare'] })
  become({})
  const out = new Set<string>()
  for (const { id, level } of told)
    if (level === 'back' || level === 'planned') out.delete(id)
    else out.add(id)
  expect([...out]).toEqual([])
})

test('a backend that comes and goes: three alarms, then its return is told once it has settled, with how often it failed', () => {
  for (let n = 0; n < 7; n++) {
    become({ wiki: ['main'] })
    vi.advanceTimersByTime(48_000)
    become({})
    if (n < 6) vi.advanceTimersByTime(48_000)
  }
  // The third alarm within five minutes stays.
  const third = told.filter(({ level }) => level === 'attention')[2]
  expect(third?.text).toContain('It comes and goes')
  expect(told.at(-1)).toEqual(third)
  vi.advanceTimersByTime(60_000)
  expect(told.at(-1)).toMatchObject({
    id: third?.id,
    level: 'back',
    text: 'Failed 7 times in 11 minutes; visitors were served all the while.',
  })
})

test('a backend that has settled and is away for good afterwards is told of, if late', () => {
  for (let n = 0; n < 3; n++) {
    become({ wiki: ['main', 'spare'] })
    become({})
  }
  vi.advanceTimersByTime(60_000)
  expect(told.at(-1)).toMatchObject({
    level: 'back',
    title: 'The wiki is back',
    text: expect.stringMatching(/^Failed 3 times in \d+ seconds\.$/),
  })
  become({ wiki: ['main', 'spare'] })
  expect(told.at(-1)?.level).toBe('back')
  vi.advanceTimersByTime(5 * 60_000)
  expect(told.at(-1)).toMatchObject({ level: 'down', title: 'The wiki is down' })
})

test('what comes and goes and then is down altogether is told at once', () => {
  for (let n = 0; n < 4; n++) {
    become({ wiki: ['main'] })
    become({})
  }
  become({ wiki: ['main'] })
  const before = told.length
  become({ wiki: ['main', 'spare'] })
  expect(told.slice(before).map(({ level }) => level)).toEqual(['down'])
})

test('a service that comes and goes is deleted while its alarm waits to settle: the alarm ends', () => {
  for (let n = 0; n < 4; n++) {
    become({ wiki: ['main'] })
    become({})
  }
  save(null)
  expect(told.at(-1)).toMatchObject({ level: 'planned', text: 'The service was removed, as planned.' })
  const before = told.length
  vi.advanceTimersByTime(10 * 60_000)
  expect(told).toHaveLength(before)
})
