import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { composeHistory } from '../../../proxy/host/health-history/compose'
import { HealthLog, type HealthEntry } from '../../../proxy/host/health-history/health-log'
import { tempDirectory } from '../../support/temp-directory'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = 100 * HOUR
const entry = (at: number, state: HealthEntry['state'], backend: string | null = null, reason: string | null = null): HealthEntry => ({
  at,
  service: state === null ? null : 'wiki',
  backend,
  state,
  reason,
})

test('an outage of two minutes is one incident with its cause, and the share of the day is right', () => {
  const began = NOW - 10 * HOUR
  const log = [
    entry(began, 'up'),
    entry(began, 'up', 'main'),
    entry(NOW - HOUR, 'down', 'main', 'connection refused'),
    entry(NOW - HOUR, 'down', null, 'main: connection refused'),
    entry(NOW - HOUR + 2 * MINUTE, 'up'),
    entry(NOW - HOUR + 2 * MINUTE, 'up', 'main'),
  ]
  const history = composeHistory(log, 'wiki', ['main'], 24, NOW)
  expect(history.incidents).toEqual([
    { from: NOW - HOUR, to: NOW - HOUR + 2 * MINUTE, state: 'down', reason: 'main: connection refused', backend: 'main' },
  ])
  expect(history.uptime).toBeCloseTo(1 - 2 / 600, 10)
  expect(history.service.map(({ state }) => state)).toEqual(['up', 'down', 'up'])
  expect(history.backends[0]?.stretches.map(({ from, to, state }) => [from, to, state])).toEqual([
    [began, NOW - HOUR, 'up'],
    [NOW - HOUR, NOW - HOUR + 2 * MINUTE, 'down'],
    [NOW - HOUR + 2 * MINUTE, NOW, 'up'],
  ])
})

test('maintenance is no outage, times that nobody watched are in no stretch, and what goes on has no end', () => {
  const log = [
    entry(NOW - 8 * HOUR, 'up'),
    entry(NOW - 6 * HOUR, 'maintenance'),
    entry(NOW - 5 * HOUR, null),
    entry(NOW - 3 * HOUR, 'up'),
    entry(NOW - HOUR, 'down', null, 'x'),
  ]
  const { service, uptime, incidents } = composeHistory(log, 'wiki', [], 24, NOW)
  expect(service.map(({ from, to, state }) => [(NOW - from) / HOUR, (NOW - to) / HOUR, state])).toEqual([
    [8, 6, 'up'],
    [6, 5, 'maintenance'],
    [3, 1, 'up'],
    [1, 0, 'down'],
  ])
  expect(uptime).toBeCloseTo(4 / 5, 10)
  expect(incidents).toMatchObject([{ from: NOW - HOUR, to: null }])
})

test('only the asked hours are told, and a service that was never watched has no share', () => {
  const log = [entry(NOW - 50 * HOUR, 'up')]
  expect(composeHistory(log, 'wiki', [], 24, NOW).service).toEqual([{ from: NOW - 24 * HOUR, to: NOW, state: 'up', reason: null }])
  expect(composeHistory(log, 'other', [], 24, NOW)).toMatchObject({ service: [], uptime: null })
})

test('the log outlives the gateway; a line cut off by a loss of power costs that line, and what is older than 30 days goes', () => {
  const file = path.join(tempDirectory(), 'health.jsonl')
  const said: string[] = []
  const log = new HealthLog(file, NOW, (line) => void said.push(line))
  log.add(entry(NOW - 31 * 24 * HOUR, 'up'))
  log.add(entry(NOW - HOUR, 'down', null, 'x'))
  appendFileSync(file, '{"at":12')
  const again = new HealthLog(file, NOW, (line) => void said.push(line))
  expect(again.entries).toEqual([
    entry(NOW - HOUR, 'down', null, 'x'),
    { at: NOW - HOUR + 1, service: null, backend: null, state: null, reason: null },
  ])
  expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3)
  expect(said).toEqual([])
})
