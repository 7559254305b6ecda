import { describe, expect, it } from 'vitest'
import type { ProofState, ServiceLockdown } from '../../../../proxy/contract/lockdown-api'
import {
  checkedWords,
  inOrder,
  lockStateOf,
  lockWords,
  methodWords,
  namesOf,
  orderOf,
  worstState,
} from '../../../../renderer/features/lockdown/lock-words'
import { lockedBy, proofOf } from './proofs'

describe('a backend’s state', () => {
  it('is the proof’s; without one it depends on whether there is a lock to prove', () => {
    expect(lockStateOf(['secret'], { state: 'broken' })).toBe('broken')
    expect(lockStateOf(['secret'], null)).toBe('unchecked')
    expect(lockStateOf([], undefined)).toBe('none')
  })

  it('has a word of its own for each, and a shape that says how bad it is', () => {
    const states = ['locked', 'open', 'unproven', 'broken', 'unreachable', 'none', 'unchecked'] as const
    expect(states.map((state) => lockWords(state).text)).toEqual([
      'Locked',
      'Open',
      'Not proven',
      'Refuses the gateway',
      'Does not answer',
      'Not locked down',
      'Not checked yet',
    ])
    expect(states.map((state) => lockWords(state).glyph)).toEqual(['ok', 'warn', 'checking', 'down', 'down', 'off', 'checking'])
  })

  it('of several is the worst', () => {
    expect(worstState(['locked', 'unproven', 'open', 'locked'])).toBe('open')
    expect(worstState(['locked', 'locked'])).toBe('locked')
    expect(worstState([])).toBe('none')
  })
})

const of = (id: string, state: ProofState | null, locked = true): ServiceLockdown => ({
  ...lockedBy(locked ? ['secret'] : [], state === null ? null : proofOf(state)),
  id,
})

describe('the order of services', () => {
  it('begins with open ones and those that nothing locks; others stay as they stand', () => {
    const services = [
      of('fine', 'locked'),
      of('away', 'unreachable'),
      of('bare', null, false),
      of('new', null),
      of('open', 'open'),
      of('also-fine', 'locked'),
      of('phone', 'unproven'),
      of('strict', 'broken'),
    ]
    expect(orderOf(services)).toEqual(['open', 'strict', 'bare', 'away', 'phone', 'new', 'fine', 'also-fine'])
  })

  it('holds still while states change; new services go first', () => {
    const order = orderOf([of('a', 'locked'), of('b', 'open')])
    expect(inOrder([of('a', 'open'), of('b', 'locked'), of('c', null)], order).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  })
})

describe('words', () => {
  it('say when it was checked', () => {
    const now = new Date(2026, 4, 12, 15, 0).getTime()
    expect(checkedWords(new Date(2026, 4, 12, 14, 25).getTime(), now)).toBe('Checked 14:25')
    expect(checkedWords(new Date(2026, 4, 11, 14, 25).getTime(), now)).toBe('Checked Yesterday, 14:25')
  })

  it('name methods and backends', () => {
    expect(methodWords({ methods: ['secret', 'proxy', 'network'], proxyProtocol: 'v1' })).toBe(
      'Secret header, PROXY protocol v1, Network rules',
    )
    const some = ['a', 'b', 'c', 'd'].map((id) => ({ id }))
    expect([1, 2, 3, 4].map((count) => namesOf(some.slice(0, count)))).toEqual(['a', 'a and b', 'a, b and c', '4 backends'])
  })
})
