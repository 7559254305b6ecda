import { expect, test } from 'vitest'
import type { LimitName } from '../../../proxy/contract/limits'
import { LimitHits } from '../../../proxy/engine/measure/limit-hits'

test('a limit that goes on striking is told once a minute for each client, and then how often', () => {
  const hits = new LimitHits()
  const told = [0, 1, 59_999].map((now) => hits.strikes('connectionsPerClient', 'a', now))
  expect([...told, hits.strikes('connectionsPerClient', 'b', 2), hits.strikes('proxyHeader', 'a', 2)]).toEqual([
    true,
    false,
    false,
    true,
    true,
  ])
  expect(hits.over(59_999)).toEqual([])
  expect(hits.over(60_000)).toEqual([{ limit: 'connectionsPerClient', client: 'a', until: 60_000, more: 2 }])
  expect(hits.over(70_000)).toEqual([])
  expect(hits.strikes('connectionsPerClient', 'a', 70_000)).toBe(true)
  expect(hits.totals()).toEqual({ connectionsPerClient: 5, proxyHeader: 1 })
})

test('a flood from everywhere fills neither memory nor the log; all of it is counted', () => {
  const hits = new LimitHits()
  let told = 0
  for (let n = 0; n < 5_000; n++) if (hits.strikes('connectionsPerClient', String(n), 0)) told += 1
  expect([told, hits.totals()]).toEqual([1_000, { connectionsPerClient: 5_000 }])
})

test('what is everybody’s is told to the host once a minute, what is one client’s is not', () => {
  const hits = new LimitHits()
  const wide: [LimitName, number][] = []
  let now = 0
  hits.onWide = (limit) => void wide.push([limit, now])
  for (now of [0, 30_000, 60_000, 60_001]) {
    hits.count('sessions', now)
    hits.count('rateLimit', now)
  }
  expect(wide).toEqual([
    ['sessions', 0],
    ['sessions', 60_000],
  ])
})
