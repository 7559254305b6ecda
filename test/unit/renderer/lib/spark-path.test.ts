import { describe, expect, it } from 'vitest'
import { sparkPath } from '../../../../renderer/lib/spark-path'

describe('the line of the last half hour', () => {
  it('spans the whole width and reaches the top at the greatest number', () => {
    expect(sparkPath([0, 10, 5], 100, 26)).toEqual({
      line: 'M0 23L50 3L100 13',
      area: 'M0 23L50 3L100 13L100 26L0 26Z',
      end: { x: 100, y: 13 },
    })
  })

  it('does not make a storm of a single request', () => {
    expect(sparkPath([0, 0.02], 100, 26)?.end.y).toBeGreaterThan(20)
  })

  it('is nothing with fewer than two points', () => {
    expect(sparkPath([3], 100, 26)).toBeNull()
  })
})
