import { describe, expect, test } from 'vitest'
import type { PastState, Stretch } from '../../../../proxy/contract/health-history'
import { segmentsOf, segmentWords } from '../../../../renderer/lib/uptime'
import { formatClock } from '../../../../renderer/lib/format'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const stretch = (from: number, to: number, state: PastState): Stretch => ({ from: from * MINUTE, to: to * MINUTE, state, reason: null })

describe('the bar of the last 24 hours', () => {
  test('has a part for every 16 minutes, and one that nobody watched says so', () => {
    const segments = segmentsOf([], 0, DAY, 90)
    expect(segments).toHaveLength(90)
    expect(segments[1]).toEqual({ from: 16 * MINUTE, to: 32 * MINUTE, state: 'none', time: 0 })
    expect(segments.at(-1)?.to).toBe(DAY)
  })

  test.each<[string, readonly Stretch[], PastState, number]>([
    ['up throughout', [stretch(0, 16, 'up')], 'up', 16],
    ['down for four minutes is down', [stretch(0, 5, 'up'), stretch(5, 9, 'down'), stretch(9, 16, 'up')], 'down', 4],
    ['down twice adds up', [stretch(0, 2, 'down'), stretch(2, 9, 'up'), stretch(9, 10, 'down')], 'down', 3],
    ['attention is worse than maintenance', [stretch(0, 9, 'maintenance'), stretch(9, 16, 'attention')], 'attention', 7],
    ['a stretch that goes on beyond counts only within', [stretch(-40, 6, 'down'), stretch(6, 99, 'up')], 'down', 6],
  ])('tells the worst of a part: %s', (_, stretches, state, minutes) => {
    expect(segmentsOf(stretches, 0, DAY, 90)[0]).toMatchObject({ state, time: minutes * MINUTE })
  })

  test('a stretch that ends where a part begins is not in it', () => {
    expect(segmentsOf([stretch(0, 16, 'down'), stretch(16, 32, 'up')], 0, DAY, 90)[1]).toMatchObject({ state: 'up' })
  })

  test('says each part in words, and how long only where it was not the whole of it', () => {
    const part = { from: 0, to: 16 * MINUTE, state: 'down', time: 4 * MINUTE } as const
    const clock = `${formatClock(0)} to ${formatClock(16 * MINUTE)}`
    expect(segmentWords(part)).toBe(`${clock}, down 4 min`)
    expect(segmentWords({ ...part, time: 16 * MINUTE })).toBe(`${clock}, down`)
    expect(segmentWords({ ...part, state: 'none', time: 0 })).toBe(`${clock}, not watched`)
  })
})
