import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Tick } from '../../../proxy/contract/events'
import { Measures } from '../../../proxy/engine/measure/measures'
import { Ticker } from '../../../proxy/engine/measure/ticker'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a quiet engine still ticks every second, so that a window can tell quiet from gone', () => {
  const ticks: Tick[] = []
  const ticker = new Ticker(
    new Measures(),
    () => ({ connections: 0 }),
    (tick) => ticks.push(tick),
  )
  vi.advanceTimersByTime(3_000)
  ticker.stop()
  vi.advanceTimersByTime(3_000)
  expect(ticks.map(({ services, connections }) => ({ services, connections }))).toEqual(
    Array.from({ length: 3 }, () => ({ services: [], connections: 0 })),
  )
})
