import { expect, test } from 'vitest'
import type { Traffic } from '../../../proxy/contract/status'
import { TrafficHistory } from '../../../proxy/host/traffic/traffic-history'

const MINUTE = 60_000
/** On a border of ten seconds. */
const START = 1_800_000_000_000

function traffic(requests: number, failed = 0): Traffic {
  return {
    requests,
    answers: [0, requests, 0, 0, 0],
    refused: 0,
    failed,
    bytesIn: 0,
    bytesOut: 0,
    inFlight: 0,
    perSecond: 0,
    latency: { p50: 1, p95: 2, p99: 3 },
  }
}

function tick(history: TrafficHistory, at: number, requests: number, failed = 0): void {
  history.add({ at, connections: 0, services: [{ id: 'wiki', traffic: traffic(requests, failed) }] })
}

test('running totals become requests per second in steps of ten', () => {
  const history = new TrafficHistory()
  for (let second = 0; second < 20; second++) tick(history, START + second * 1_000, (second + 1) * 5, second + 1)
  const { step, points } = history.series('wiki', 1, START + 19_999)
  expect(step).toBe(10_000)
  expect(points).toEqual([
    { at: START, perSecond: 5, failedPerSecond: 1, p50: 1, p95: 2, p99: 3 },
    { at: START + 10_000, perSecond: 5, failedPerSecond: 1, p50: 1, p95: 2, p99: 3 },
  ])
})

test('a restarted engine, whose totals begin again, makes no negative traffic', () => {
  const history = new TrafficHistory()
  tick(history, START, 100)
  tick(history, START + 10_000, 30)
  expect(history.series('wiki', 1, START + 19_999).points.map(({ perSecond }) => perSecond)).toEqual([10, 3])
})

test('a time in which nothing ran has no point; a quiet one has zeroes', () => {
  const history = new TrafficHistory()
  tick(history, START, 10)
  history.add({ at: START + 20_000, connections: 0, services: [] })
  const { points } = history.series('wiki', 1, START + 29_999)
  expect(points.map(({ at, perSecond, p95 }) => [at - START, perSecond, p95])).toEqual([
    [0, 1, 2],
    [20_000, 0, null],
  ])
})

test('the last thirty minutes come one number a minute, oldest first', () => {
  const history = new TrafficHistory()
  tick(history, START, 0)
  tick(history, START + MINUTE, 600)
  const recent = history.recent(['wiki', 'new'], START + MINUTE + 9_999)
  expect(recent['wiki']).toHaveLength(30)
  expect(recent['wiki']?.at(-1)).toBe(10)
  expect(recent['wiki']?.slice(0, 28).every((value) => value === 0)).toBe(true)
  expect(recent['new']).toEqual(Array.from({ length: 30 }, () => 0))
})

test('what is older than an hour is gone', () => {
  const history = new TrafficHistory()
  tick(history, START, 600)
  tick(history, START + 60 * MINUTE, 600)
  expect(history.series('wiki', 60, START + 60 * MINUTE + 9_999).points.map(({ at }) => at)).toEqual([START + 60 * MINUTE])
})
