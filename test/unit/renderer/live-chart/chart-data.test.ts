import { expect, test } from 'vitest'
import { type ChartData, lastMeasured, nextMeasured, niceCeiling, tableRows, withGaps } from '../../../../renderer/ui/live-chart/chart-data'

const line = (...values: (number | null)[]) => ({ name: 'p95', kind: 'solid' as const, color: '--c-p95' as const, values })

test('a hole in time ends the line instead of bridging it', () => {
  const data = withGaps({ times: [0, 10, 20, 60, 70], lines: [line(1, 2, 3, 4, 5)] }, 10)
  expect(data.times).toEqual([0, 10, 20, 30, 60, 70])
  expect(data.lines[0]?.values).toEqual([1, 2, 3, null, 4, 5])
  const whole: ChartData = { times: [0, 10, 21], lines: [line(1, 2, 3)] }
  expect(withGaps(whole, 10)).toEqual(whole)
})

test('the axis ends at a round number and never below the least', () => {
  expect([0, 0.4, 4, 18.4, 29, 212, 501].map((max) => niceCeiling(max, 1))).toEqual([1, 1, 5, 20, 30, 300, 1_000])
})

test('the table shows each minute’s highest, newest first', () => {
  expect(tableRows({ times: [0, 30_000, 60_000, 120_000], lines: [line(5, 9, null, 3)] }, 60_000)).toEqual([
    { at: 120_000, values: [3] },
    { at: 60_000, values: [null] },
    { at: 0, values: [9] },
  ])
})

test('the crosshair steps over moments without a measurement and stops at the ends', () => {
  const data: ChartData = { times: [0, 1, 2, 3], lines: [line(null, 7, null, 8)] }
  expect(nextMeasured(data, 3, -1)).toBe(1)
  expect(nextMeasured(data, 1, -1)).toBe(1)
  expect(nextMeasured(data, 1, 1)).toBe(3)
  expect(lastMeasured(data)).toBe(3)
  expect(lastMeasured({ times: [0], lines: [line(null)] })).toBeNull()
})
