import { expect, test } from 'vitest'
import type { RequestRow } from '../../../proxy/contract/status'
import { LatencyHistogram } from '../../../proxy/engine/measure/histogram'
import { RequestRing } from '../../../proxy/engine/measure/request-ring'
import { ServiceCounters } from '../../../proxy/engine/measure/service-counters'

const row = (ref: string, service: string, status: number): RequestRow => ({
  ref,
  service,
  status,
  at: 0,
  client: '10.0.0.1',
  method: 'GET',
  host: '',
  path: '/',
  backend: null,
  error: null,
  reason: null,
  rule: null,
  endedBy: 'backend',
  duration: 1,
  bytesIn: 0,
  bytesOut: 0,
  attempts: 1,
})

test('percentiles are right to within a tenth, and forget what is older than ten seconds', () => {
  const histogram = new LatencyHistogram()
  for (let ms = 1; ms <= 1_000; ms++) histogram.add(ms)
  const { p50, p95, p99 } = histogram.percentiles() ?? expect.fail('nothing measured')
  for (const [found, exact] of [
    [p50, 500],
    [p95, 950],
    [p99, 990],
  ] as const)
    expect(Math.abs(found / exact - 1)).toBeLessThan(0.1)
  for (let second = 0; second < 10; second++) histogram.tick()
  expect(histogram.percentiles()).toBeNull()
})

test('the request log keeps the newest rows and finds them by what they are', () => {
  const ring = new RequestRing(3)
  for (const [ref, service, status] of [
    ['1', 'a', 200],
    ['2', 'a', 404],
    ['3', 'b', 200],
    ['4', 'a', 200],
  ] as const)
    ring.add(row(ref, service, status))
  const refs = (filter: { service?: string; status?: number; ref?: string; client?: string }, limit = 10): string[] =>
    ring.find({ ...filter, limit }).map(({ ref }) => ref)
  expect([refs({}), refs({ service: 'a' }), refs({ status: 200 }), refs({}, 1), refs({ ref: '2' }), refs({ client: '10.0.0.2' })]).toEqual([
    ['4', '3', '2'],
    ['4', '2'],
    ['4', '3'],
    ['4'],
    ['2'],
    [],
  ])
})

test('a service has news only when its numbers changed, the fall to zero included', () => {
  const counters = new ServiceCounters()
  expect(counters.news()).toBeNull()
  counters.requests += 5
  counters.tick(1)
  expect(counters.news()).toMatchObject({ requests: 5, perSecond: 5 })
  counters.tick(1)
  expect(counters.news()).toMatchObject({ perSecond: 0 })
  counters.tick(1)
  expect(counters.news()).toBeNull()
})

test('a row that overwrites an older one takes over every field', () => {
  const ring = new RequestRing(1)
  const first: RequestRow = {
    ref: 'a',
    at: 1,
    client: '127.0.0.1',
    method: 'GET',
    host: 'a',
    path: '/a',
    service: 'a',
    backend: 'a',
    status: 200,
    error: null,
    reason: null,
    rule: null,
    endedBy: 'backend',
    duration: 1.5,
    bytesIn: 1,
    bytesOut: 2,
    attempts: 1,
  }
  const second: RequestRow = {
    ref: 'b',
    at: 2,
    client: '::1',
    method: 'PUT',
    host: 'b',
    path: '/b',
    service: null,
    backend: null,
    status: 503,
    error: 'AR_UNAVAILABLE',
    reason: 'why',
    rule: 'rule 1',
    endedBy: 'gateway',
    duration: 3,
    bytesIn: 4,
    bytesOut: 5,
    attempts: 2,
  }
  ring.add(first)
  const [kept] = ring.find({ limit: 1 })
  ring.add(second)
  expect(kept).toEqual(first)
  expect(ring.find({ limit: 1 })).toEqual([second])
})
