import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../../proxy/contract/address'
import type { Candidate, Policy } from '../../../proxy/engine/balance/candidate'
import { POLICIES as KNOWN } from '../../../proxy/engine/balance/policy'

const POLICIES: Record<keyof typeof KNOWN, Policy> = KNOWN

interface Mutable extends Candidate {
  inFlight: number
}
const backends = (...weights: number[]): Mutable[] =>
  weights.map((weight, index) => ({ key: 'abcdef'[index] ?? '', weight, inFlight: 0, turn: 0 }))
const from = (text: string, random = Math.random) => ({ client: parseAddress(text), random })
const count = (keys: (string | undefined)[]): Record<string, number> =>
  keys.reduce<Record<string, number>>((sums, key = '') => ({ ...sums, [key]: (sums[key] ?? 0) + 1 }), {})
/** Numbers that look random and are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32
  }
}

const turns = (candidates: Mutable[], times: number): (string | undefined)[] =>
  Array.from({ length: times }, () => POLICIES['round-robin'](candidates, from('10.0.0.1'))?.key)
const choice = (candidates: Mutable[], address: string): string | undefined => POLICIES['client-ip'](candidates, from(address))?.key

describe('round-robin', () => {
  test('spreads weights 5/1/1 smoothly', () => expect(turns(backends(5, 1, 1), 7).join(' ')).toBe('a a b a c a a'))
  test('gives three equal backends exactly a third each', () =>
    expect(count(turns(backends(1, 1, 1), 300))).toEqual({ a: 100, b: 100, c: 100 }))
  test('keeps 700 requests in the ratio of the weights', () =>
    expect(count(turns(backends(5, 1, 1), 700))).toEqual({ a: 500, b: 100, c: 100 }))
})

describe('least-connections', () => {
  test('goes to the fewest running requests in proportion to weight', () => {
    const [a, b] = backends(2, 1)
    if (!a || !b) throw new Error('two backends')
    a.inFlight = 3
    b.inFlight = 1
    expect(POLICIES['least-connections']([a, b], from('10.0.0.1'))).toBe(b)
    a.inFlight = 1
    expect(POLICIES['least-connections']([a, b], from('10.0.0.1'))).toBe(a)
  })
  test('takes turns where all are equal', () => {
    const candidates = backends(1, 1)
    expect([0, 1, 2, 3].map(() => POLICIES['least-connections'](candidates, from('10.0.0.1'))?.key)).toEqual(['a', 'b', 'a', 'b'])
  })
})

describe('random-two', () => {
  test('is even over many requests', () => {
    const random = seeded(1)
    const candidates = backends(1, 1, 1)
    const sums = count(Array.from({ length: 3_000 }, () => POLICIES['random-two'](candidates, from('10.0.0.1', random))?.key))
    for (const sum of Object.values(sums)) expect(Math.abs(sum - 1_000)).toBeLessThan(100)
  })
  test('never takes the busier of the two it drew', () => {
    const candidates = backends(1, 1)
    if (candidates[0]) candidates[0].inFlight = 9
    const random = seeded(2)
    expect(new Set(Array.from({ length: 100 }, () => POLICIES['random-two'](candidates, from('10.0.0.1', random))?.key))).toEqual(
      new Set(['b']),
    )
  })
})

describe('client-ip', () => {
  const clients = Array.from({ length: 600 }, (_, n) => `10.1.${n >> 8}.${n & 255}`)

  test('keeps each client on one backend, and shares clients evenly', () => {
    const candidates = backends(1, 1, 1)
    expect(new Set(Array.from({ length: 20 }, () => choice(candidates, '10.0.0.1'))).size).toBe(1)
    for (const sum of Object.values(count(clients.map((client) => choice(candidates, client)))))
      expect(Math.abs(sum - 200)).toBeLessThan(60)
  })
  test('moves only the clients of a backend that leaves', () => {
    const candidates = backends(1, 1, 1)
    const left = candidates.slice(0, 2)
    for (const client of clients) {
      const before = choice(candidates, client)
      if (before !== 'c') expect(choice(left, client)).toBe(before)
    }
  })
  test('counts IPv6 clients by /64', () => {
    const candidates = backends(1, 1, 1, 1, 1, 1)
    expect(new Set(['2001:db8::1', '2001:db8::ffff:2', '2001:db8:0:0:1::'].map((client) => choice(candidates, client))).size).toBe(1)
  })
})
