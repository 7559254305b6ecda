import { describe, expect, it } from 'vitest'
import { attemptRows } from '../../../../renderer/features/lockdown/attempt-rows'
import { outcomeWords } from '../../../../renderer/features/lockdown/outcome-words'
import { tally, withTold } from '../../../../renderer/features/lockdown/told-proofs'
import { verdictOf } from '../../../../renderer/features/lockdown/verdict'
import { attempt, lockedBy, proofOf } from './proofs'

const refused = [attempt('as-gateway', true), attempt('direct', true), attempt('made-up', true)]

describe('the verdict', () => {
  it('counts what was turned away where all are locked', () => {
    expect(verdictOf(lockedBy(['secret'], proofOf('locked', refused), proofOf('locked', refused)))).toEqual({
      state: 'locked',
      tone: 'ok',
      title: 'Direct access is refused',
      text: 'app-1 and app-2 turned away all 4 attempts that skipped the gateway. Tried again once a day.',
    })
  })

  it('says why a backend is locked that nobody had to be refused at', () => {
    expect(verdictOf(lockedBy(['network'], proofOf('locked', [], 'Only this computer can reach it.'))).text).toBe(
      'Only this computer can reach it.',
    )
  })

  it('is that of the worst backend, and each that is not locked has its say', () => {
    const verdict = verdictOf(
      lockedBy(
        ['secret'],
        proofOf('locked', refused),
        proofOf('open', [], 'app-2 lets everyone in.'),
        proofOf('unreachable', [], 'app-3 is away.'),
      ),
    )
    expect(verdict).toMatchObject({
      tone: 'warn',
      title: 'app-2 still answers without the gateway',
      text: 'app-2 lets everyone in. app-3 is away.',
    })
  })

  it('never calls amber or red what is green, nor the other way round', () => {
    expect(
      (['locked', 'open', 'unproven', 'broken', 'unreachable'] as const).map(
        (state) => verdictOf(lockedBy(['secret'], proofOf(state))).tone,
      ),
    ).toEqual(['ok', 'warn', 'warn', 'down', 'down'])
    expect(verdictOf(lockedBy(['secret'], null)).title).toBe('Not checked yet')
    expect(verdictOf(lockedBy([], null)).title).toBe('Not locked down')
  })

  it('tells that a backend does not take the new secret yet', () => {
    expect(verdictOf(lockedBy(['secret'], proofOf('locked', [...refused, attempt('next', false)]))).text).toContain(
      'Not every backend takes the new secret yet.',
    )
  })
})

describe('the table of attempts', () => {
  it('has what will be tried before the first time', () => {
    expect(attemptRows({ ...lockedBy(['secret'], null), rotating: true }).map(({ name }) => name)).toEqual([
      'Through AstroRelay',
      'Straight to the backend',
      'With a made-up secret',
      'With the new secret',
    ])
    expect(attemptRows(lockedBy(['network'], null)).map(({ name }) => name)).toEqual(['Through AstroRelay', 'Straight to the backend'])
  })

  it('has each attempt once, in the order in which they make sense, with a gap where a backend was not asked so', () => {
    const rows = attemptRows(
      lockedBy(
        ['secret'],
        proofOf('locked', [attempt('as-gateway', true), attempt('own-address', true, 'At 10.0.0.2')]),
        proofOf('open', [attempt('as-gateway', true), attempt('direct', false)]),
      ),
    )
    expect(rows.map(({ name, results }) => [name, results.map((result) => result?.fits ?? null)])).toEqual([
      ['as-gateway', [true, true]],
      ['direct', [null, false]],
      ['At 10.0.0.2', [true, null]],
    ])
  })

  it('makes nothing of this computer being answered where rules by address let it in', () => {
    expect(attemptRows(lockedBy(['network'], proofOf('unproven', [attempt('direct', false)])))[0]?.results[0]?.fits).toBeNull()
    expect(attemptRows(lockedBy(['proxy', 'network'], proofOf('open', [attempt('direct', false)])))[0]?.results[0]?.fits).toBe(false)
  })

  it('names answers by their number', () => {
    expect(['answered 200', 'answered 403', 'answered 302', 'closed the connection'].map(outcomeWords)).toEqual([
      '200 OK',
      '403 Refused',
      'Answered 302',
      'Closed the connection',
    ])
  })
})

describe('what Verify told this window', () => {
  const overview = { gateway: [], services: [lockedBy(['secret'], proofOf('locked'))] }

  it('stands in front of an older proof, and gives way to a newer one and to none', () => {
    const away = { ...proofOf('unreachable'), at: 2_000 }
    const told = new Map([['portal/app-1', away]])
    expect(withTold(overview, told).services[0]?.backends[0]?.proof).toBe(away)
    expect(
      withTold({ ...overview, services: [lockedBy(['secret'], { ...proofOf('open'), at: 3_000 })] }, told).services[0]?.backends[0]?.proof
        ?.state,
    ).toBe('open')
    expect(withTold({ ...overview, services: [lockedBy(['secret'], null)] }, told).services[0]?.backends[0]?.proof).toBeNull()
  })

  it('is counted in words', () => {
    expect(tally([{ state: 'open' }, { state: 'locked' }, { state: 'locked' }])).toBe('3 backends verified: 2 locked, 1 open')
  })
})
