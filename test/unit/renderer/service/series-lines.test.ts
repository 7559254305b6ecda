import { expect, test } from 'vitest'
import type { Series } from '../../../../proxy/contract/calls/traffic'
import { latencyData, latencySummary, rateData, rateSummary } from '../../../../renderer/features/service/series-lines'

const point = (at: number, perSecond: number, p95: number | null = null) => ({
  at,
  perSecond,
  failedPerSecond: perSecond > 5 ? 1 : 0,
  p50: p95,
  p95,
  p99: p95,
})
const series: Series = { step: 10_000, points: [point(0, 2, 10), point(10_000, 9, 40), point(60_000, 1)] }
const traffic = {
  requests: 0,
  answers: [0, 0, 0, 0, 0] as [number, number, number, number, number],
  refused: 0,
  failed: 0,
  bytesIn: 0,
  bytesOut: 0,
  inFlight: 0,
  perSecond: 4,
  latency: { p50: 1, p95: 2, p99: 3 },
}

test('a time without the gateway is a gap, and errors are drawn only where there were any', () => {
  const data = rateData(series, null)
  expect(data.times).toEqual([0, 10_000, 20_000, 60_000])
  expect(data.lines.map(({ values }) => values)).toEqual([
    [2, 9, null, 1],
    [null, 1, null, null],
  ])
})

test('this second stands for the bucket that is being filled', () => {
  expect(rateData(series, { at: 64_000, traffic }).times.at(-1)).toBe(64_000)
  expect(rateData(series, { at: 64_000, traffic }).lines[0]?.values).toEqual([2, 9, null, 4])
  expect(rateData(series, { at: 71_000, traffic }).lines[0]?.values).toEqual([2, 9, null, 1, 4])
  expect(latencyData(series, { at: 64_000, traffic }).lines.map(({ values }) => values.at(-1))).toEqual([3, 2, 1])
})

test('a chart is told in a sentence', () => {
  expect(rateSummary(rateData(series, null), 15)).toMatch(
    /^Requests per second over the last 15 minutes: highest 9.0 at \d\d:\d\d. Errors up to 1.0 per second.$/,
  )
  expect(rateSummary(null, 60)).toBe('Requests per second over the last 60 minutes: none yet.')
  expect(rateSummary(null, 60, 'Connections')).toBe('Connections per second over the last 60 minutes: none yet.')
  expect(latencySummary(latencyData(series, null), 15)).toContain('p95 up to 40 ms')
})
