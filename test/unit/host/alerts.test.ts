import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configSchema, type Config } from '../../../proxy/contract/config/document'
import type { Alert, HealthEvent } from '../../../proxy/contract/events'
import { Alerts } from '../../../proxy/host/alerts/alerts'
import { backendOf, serviceOf } from '../../support/live-services'

let told: Alert[]
let alerts: Alerts
let config: Config
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  told = []
  config = configSchema.parse({
    version: 1,
    services: ['wiki', 'shop', 'muted'].map((id) => ({
      id,
      name: `The ${id}`,
      backends: [{ id: 'main', url: 'http://10.0.0.1:80' }],
      ...(id === 'muted' ? { alerts: { mute: true } } : {}),
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

function find(service: string, state: HealthEvent['state'], part: { health?: 'up' | 'down'; onBackup?: boolean; url?: string } = {}): void {
  const { health = state === 'down' || state === 'attention' ? 'down' : 'up', onBackup = false, url = 'http://10.0.0.1:80' } = part
  alerts.heard({
    at: Date.now(),
    service,
    state,
    reason: null,
    onBackup,
    backend: {
      id: 'main',
      url,
      role: 'primary',
      state: 'active',
      drain: null,
      health,
      reason: health === 'down' ? 'connection refused' : null,
      since: 0,
      lastCheck: null,
      inFlight: 0,
      tunnels: 0,
      requests: 0,
      failed: 0,
      latency: null,
    },
  })
}
const lines = (): string[] => told.map(({ title, text }) => `${title}. ${text}`)

test('a service that goes down is told once, with why; its return replaces that, with how long it took', () => {
  find('wiki', 'down')
  find('wiki', 'down')
  vi.advanceTimersByTime(60_000)
  find('wiki', 'online')
  expect(lines()).toEqual(['The wiki is down. main: connection refused. Nobody can be served.', 'The wiki is back. It was away for 1 min.'])
  expect(told[1]?.id).toBe(told[0]?.id)
  expect(told.map(({ level }) => level)).toEqual(['down', 'back'])
})

test('a service on its backup is another alarm than one that is down, and one that loses a single backend a third', () => {
  find('wiki', 'attention', { onBackup: true })
  vi.advanceTimersByTime(2_000)
  find('shop', 'attention', { url: 'http://10.0.0.9:80' })
  vi.advanceTimersByTime(2_000)
  find('wiki', 'down')
  vi.advanceTimersByTime(2_000)
  expect(told.map(({ title }) => title)).toEqual(['The wiki is on its backup', 'The shop needs attention', 'The wiki is down'])
  // What gets worse takes the place of what was said of it.
  expect(told[2]?.id).toBe(told[0]?.id)
  expect(told[1]?.id).not.toBe(told[0]?.id)
})

test('services on one machine that fail together are one alert that names them', () => {
  find('wiki', 'down')
  find('shop', 'down')
  vi.advanceTimersByTime(2_000)
  expect(lines()).toEqual(['2 services need attention. main (10.0.0.1:80): connection refused. The wiki, The shop.'])
  expect(told[0]?.services).toEqual(['wiki', 'shop'])
  find('wiki', 'online')
  find('shop', 'online')
  // The alarm stays until the last of them is back.
  expect(told.map(({ title }) => title)).toEqual(['2 services need attention', '2 services are back'])
  expect(told[1]?.id).toBe(told[0]?.id)
})

test('an alarm that is out ends although its service was muted meanwhile', () => {
  find('wiki', 'down')
  vi.advanceTimersByTime(2_000)
  config = { ...config, services: config.services.map((service) => ({ ...service, alerts: { ...service.alerts, mute: true } })) }
  find('wiki', 'online')
  find('wiki', 'down')
  vi.advanceTimersByTime(2_000)
  expect(told.map(({ level }) => level)).toEqual(['down', 'back'])
})

test('what is over before anybody was told is not told; flapping ten times in five minutes is told three times at most', () => {
  find('wiki', 'down')
  find('wiki', 'online')
  vi.advanceTimersByTime(2_000)
  expect(told).toEqual([])
  for (let n = 0; n < 10; n++) {
    find('wiki', 'down')
    vi.advanceTimersByTime(3_000)
    find('wiki', 'online')
    vi.advanceTimersByTime(3_000)
  }
  expect(told.filter(({ level }) => level === 'down')).toHaveLength(3)
})

test('nobody is told of a muted service, nor of what is found right after a start or a sleep', () => {
  find('muted', 'down')
  vi.advanceTimersByTime(2_000)
  alerts.started()
  find('wiki', 'down')
  vi.advanceTimersByTime(20_000)
  find('wiki', 'online')
  alerts.ticked()
  vi.advanceTimersByTime(3_600_000)
  alerts.ticked()
  find('shop', 'down')
  vi.advanceTimersByTime(2_000)
  expect(told).toEqual([])
})

test('what somebody has taken out on purpose is no alarm', () => {
  find('wiki', 'attention', { health: 'up' })
  vi.advanceTimersByTime(2_000)
  expect(told).toEqual([])
})

test('a folder that is gone is an alert of its service, in words', () => {
  alerts.heard({
    at: Date.now(),
    service: 'wiki',
    state: 'down',
    reason: 'the folder /srv/manuals is not there',
    onBackup: false,
    backend: null,
  })
  vi.advanceTimersByTime(2_000)
  expect(lines()).toEqual(['The wiki is down. The folder /srv/manuals is not there. Nobody can be served.'])
  alerts.heard({ at: Date.now(), service: 'wiki', state: 'online', reason: null, onBackup: false, backend: null })
  expect(told.at(-1)).toMatchObject({ id: told[0]?.id, level: 'back', title: 'The wiki is back' })
})

test('what fails on the same machine seconds later joins the alarm that is out; several ports are told as the machine', () => {
  find('wiki', 'down')
  vi.advanceTimersByTime(5_000)
  find('shop', 'attention', { url: 'http://10.0.0.1:81' })
  vi.advanceTimersByTime(2_000)
  expect(lines()).toEqual([
    'The wiki is down. main: connection refused. Nobody can be served.',
    '2 services need attention. Backends on 10.0.0.1: connection refused. The wiki, The shop.',
  ])
  expect(told[1]?.id).toBe(told[0]?.id)
})

test('who was served all the while was not away', () => {
  find('wiki', 'attention')
  vi.advanceTimersByTime(16_000)
  find('wiki', 'online')
  expect(lines().at(-1)).toBe('The wiki is well again. After 16 s; visitors were served all the while.')
})

test('nobody is told of a service whose maintenance page is on', () => {
  config = {
    ...config,
    services: config.services.map((service) => ({ ...service, maintenance: { ...service.maintenance, mode: 'on' as const } })),
  }
  find('wiki', 'down')
  vi.advanceTimersByTime(2_000)
  find('wiki', 'online')
  expect(told).toEqual([])
})

test('a clock that is set forward delays what is told, and swallows nothing; one that is set back changes neither time nor words', () => {
  alerts.ticked()
  vi.setSystemTime(Date.now() + 3_600_000)
  alerts.ticked()
  find('wiki', 'down')
  vi.advanceTimersByTime(14_000)
  alerts.review([serviceOf({ id: 'wiki', state: 'down', backends: [backendOf({ id: 'main', health: 'down' })] })])
  vi.advanceTimersByTime(2_000)
  expect(told).toEqual([])
  alerts.review([serviceOf({ id: 'wiki', state: 'down', backends: [backendOf({ id: 'main', health: 'down' })] })])
  vi.advanceTimersByTime(2_000)
  expect(told.map(({ title }) => title)).toEqual(['The wiki is down'])
  vi.setSystemTime(Date.now() - 3_600_000)
  vi.advanceTimersByTime(58_000)
  find('wiki', 'online')
  expect(told[1]).toMatchObject({ title: 'The wiki is back', text: 'It was away for 1 min.' })
  find('shop', 'down')
  vi.advanceTimersByTime(2_000)
  expect(told[2]?.title).toBe('The shop is down')
})
