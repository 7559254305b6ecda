import path from 'node:path'
import { readFileSync, statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { composeHistory } from '../../../proxy/host/health-history/compose'
import { type HealthEntry, HealthLog } from '../../../proxy/host/health-history/health-log'
import { HealthRecorder } from '../../../proxy/host/health-history/recorder'
import { backendOf, serviceOf } from '../../support/live-services'
import { tempDirectory } from '../../support/temp-directory'

const DAY = 86_400_000
const NOW = 1_800_000_000_000

function newLog(): { readonly log: HealthLog; readonly file: string } {
  const file = path.join(tempDirectory(), 'health.jsonl')
  return { file, log: new HealthLog(file, NOW, (line) => expect.fail(line)) }
}

const told = (log: HealthLog): string[] =>
  log.entries.map(({ service, backend, state }) => `${service ?? 'gateway'}/${backend ?? ''} ${state ?? 'unknown'}`)

function entry(at: number, service: string, state: HealthEntry['state']): HealthEntry {
  return { at, service, backend: null, state, reason: null }
}

test('only what has changed is written, for services and backends', () => {
  const { log } = newLog()
  const recorder = new HealthRecorder(log)
  recorder.look([serviceOf({ id: 'wiki' })], NOW)
  recorder.look([serviceOf({ id: 'wiki' })], NOW + 1_000)
  recorder.note(serviceOf({ id: 'wiki', state: 'down', backends: [backendOf({ id: 'main', health: 'down' })] }), NOW + 2_000)
  expect(told(log)).toEqual(['wiki/ up', 'wiki/main up', 'wiki/ down', 'wiki/main down'])
})

test('of a service or a backend that is gone nothing is known any more, and nothing is kept in mind', () => {
  const { log } = newLog()
  const recorder = new HealthRecorder(log)
  recorder.look([serviceOf({ id: 'wiki', backends: ['a', 'b'].map((id) => backendOf({ id })) }), serviceOf({ id: 'shop' })], NOW)
  recorder.look([serviceOf({ id: 'wiki', backends: [backendOf({ id: 'a' })] })], NOW + 1_000)
  expect(told(log).slice(5)).toEqual(['wiki/b unknown', 'shop/main unknown', 'shop/ unknown'])
  // Made anew it begins anew, and the time between is a gap.
  recorder.look([serviceOf({ id: 'wiki', backends: [backendOf({ id: 'a' })] }), serviceOf({ id: 'shop' })], NOW + 2_000)
  expect(composeHistory(log.entries, 'shop', [], 24, NOW + 3_000).service.map(({ from, to }) => [from - NOW, to - NOW])).toEqual([
    [0, 1_000],
    [2_000, 3_000],
  ])
})

test('a machine that slept knows nothing of that time, and everything is looked at again', () => {
  const { log } = newLog()
  const recorder = new HealthRecorder(log)
  recorder.alive(NOW)
  recorder.look([serviceOf({ id: 'wiki' })], NOW)
  expect(recorder.alive(NOW + 1_000)).toBe(true)
  expect(recorder.alive(NOW + 60_000)).toBe(false)
  recorder.look([serviceOf({ id: 'wiki' })], NOW + 60_000)
  expect(told(log)).toEqual(['wiki/ up', 'wiki/main up', 'gateway/ unknown', 'wiki/ up', 'wiki/main up'])
})

test('a clock that is set back is no hour lived through twice: what was found is known from the new time on', () => {
  const { log } = newLog()
  const recorder = new HealthRecorder(log)
  recorder.alive(NOW)
  recorder.look([serviceOf({ id: 'wiki' })], NOW)
  recorder.alive(NOW + 20_000)
  recorder.note(serviceOf({ id: 'wiki', state: 'down' }), NOW + 20_000)
  expect([recorder.alive(NOW + 40_000), recorder.alive(NOW + 39_000), recorder.alive(NOW + 5_000)]).toEqual([true, true, false])
  recorder.look([serviceOf({ id: 'wiki', state: 'down' })], NOW + 5_000)
  const { service, incidents } = composeHistory(log.entries, 'wiki', [], 24, NOW + 30_000)
  expect(service.map(({ from, to, state }) => [from - NOW, to - NOW, state])).toEqual([
    [0, 5_000, 'up'],
    [5_000, 30_000, 'down'],
  ])
  expect(incidents.map(({ from, to }) => [from - NOW, to])).toEqual([[5_000, null]])
})

test('while it runs, what is older than 30 days goes, in memory and on disk; what still holds stays, however old', () => {
  const { log, file } = newLog()
  log.add(entry(NOW, 'steady', 'up'))
  log.add(entry(NOW, 'gone', 'up'))
  log.add(entry(NOW + 1, 'gone', null))
  for (let day = 0; day < 60; day++) log.add(entry(NOW + day * DAY, 'wiki', day % 2 === 0 ? 'up' : 'down'))
  const now = NOW + 59 * DAY
  expect(log.entries.filter(({ service }) => service === 'wiki').length).toBeLessThanOrEqual(32)
  expect(log.entries.filter(({ service }) => service === 'gone')).toEqual([])
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(log.entries.length)
  expect(composeHistory(log.entries, 'steady', [], 24, now)).toMatchObject({
    service: [{ from: now - DAY, to: now, state: 'up' }],
    uptime: 1,
  })
})

test('what comes and goes every second grows neither memory nor file, and drives out nothing of others', () => {
  const { log, file } = newLog()
  log.add(entry(NOW, 'steady', 'up'))
  log.add(entry(NOW + 1, 'steady', 'down'))
  log.add(entry(NOW + 2, 'steady', 'up'))
  let most = 0
  for (let second = 0; second < 150_000; second++) {
    log.add(entry(NOW + second * 10, 'wiki', second % 2 === 0 ? 'up' : 'down'))
    most = Math.max(most, log.entries.length)
  }
  expect(most).toBeLessThanOrEqual(50_001)
  expect(statSync(file).size).toBeLessThan(8_000_000)
  expect(log.entries.filter(({ service }) => service === 'steady')).toHaveLength(3)
  expect(log.entries.at(-1)).toEqual(entry(NOW + 1_499_990, 'wiki', 'down'))
})
