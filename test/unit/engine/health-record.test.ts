import { expect, test } from 'vitest'
import { HealthRecord } from '../../../proxy/engine/backend/health-record'
import { isExpected } from '../../../proxy/engine/health/http-check'

const limits = { rise: 2, fall: 3 }
let now = 0
function fail(record: HealthRecord, at: number): void {
  now = at
  record.check(at, 1, 'connection refused', false, limits)
}
function pass(record: HealthRecord, at: number): void {
  now = at
  record.check(at, 1, null, false, limits)
}

test('before its first check a backend is checking, and usable', () => {
  const record = new HealthRecord(() => now)
  expect([record.state(0), record.isUsable(0), record.inTransition]).toEqual(['checking', true, true])
})

test('one good first check is enough; three failed ones in a row take it out, two do not', () => {
  const record = new HealthRecord(() => now)
  pass(record, 1)
  fail(record, 2)
  fail(record, 3)
  expect([record.state(3), record.reason(3), record.inTransition]).toEqual(['up', 'connection refused', true])
  pass(record, 4)
  expect(record.reason(4)).toBeNull()
  for (const at of [5, 6, 7]) fail(record, at)
  expect([record.state(7), record.isUsable(7), record.since, record.reason(7)]).toEqual(['down', false, 7, 'connection refused'])
})

test('two good checks in a row bring it back, one does not', () => {
  const record = new HealthRecord(() => now)
  for (const at of [1, 2, 3]) fail(record, at)
  pass(record, 4)
  expect(record.state(4)).toBe('down')
  fail(record, 5)
  pass(record, 6)
  pass(record, 7)
  expect([record.state(7), record.reason(7), record.since]).toEqual(['up', null, 7])
})

test('three failed connections within ten seconds take it out for ten', () => {
  const record = new HealthRecord(() => now)
  pass(record, 0)
  expect([1_000, 5_000, 9_000].map((at) => record.connectionFailed(at, 'connection refused', false))).toEqual([false, false, true])
  expect([record.state(18_999), record.isUsable(18_999), record.state(19_000), record.isUsable(19_000), record.reason(19_000)]).toEqual([
    'down',
    false,
    'up',
    true,
    null,
  ])
})

test('failures further apart, or with a good connection between them, do not', () => {
  const record = new HealthRecord(() => now)
  expect([0, 6_000, 12_000, 18_000].map((at) => record.connectionFailed(at, 'x', false))).toEqual([false, false, false, false])
  record.answered()
  expect([19_000, 19_001].map((at) => record.connectionFailed(at, 'x', false))).toEqual([false, false])
})

test('a good check brings back what real traffic had taken out', () => {
  const record = new HealthRecord(() => now)
  for (const at of [1, 2, 3]) record.connectionFailed(at, 'x', false)
  expect(record.isUsable(4)).toBe(false)
  pass(record, 5)
  expect([record.isUsable(5), record.state(5)]).toEqual([true, 'up'])
})

test('one that accepts and never answers stays out, although it goes on to accept; a page that it shows brings it back', () => {
  const record = new HealthRecord(() => now)
  record.check(0, 1, null, true, limits)
  for (const at of [1_000, 2_000, 3_000]) record.connectionFailed(at, 'no answer within 2 s', true)
  for (const at of [4_000, 5_000, 12_999]) record.check(at, 1, null, true, limits)
  expect([record.state(12_999), record.reason(12_999)]).toEqual(['down', 'no answer within 2 s'])
  expect(record.isUsable(13_000)).toBe(true)
  for (const at of [14_000, 15_000, 16_000]) record.connectionFailed(at, 'no answer within 2 s', true)
  record.check(17_000, 1, null, false, limits)
  expect(record.isUsable(17_000)).toBe(true)
})

test.each([
  [200, '200-399', true],
  [400, '200-399', false],
  [401, '200-299, 401', true],
  [204, '200', false],
])('a status of %i against %s: %s', (status, expected, verdict) => {
  expect(isExpected(status, expected)).toBe(verdict)
})
