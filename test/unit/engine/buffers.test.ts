import { expect, onTestFinished, test, vi } from 'vitest'
import { Buffers } from '../../../proxy/engine/intake/buffers'

const KB = 1_024

/** Who holds so much, as long as the test wants it. */
function holder(kilobytes: number): { waiting: number } {
  return { waiting: kilobytes * KB }
}

test('one alone may hold a quarter of a megabyte', () => {
  const buffers = new Buffers()
  buffers.limit(16_384 * KB)
  expect([buffers.isFull(holder(0)), buffers.isFull(holder(256)), buffers.isFull(holder(257))]).toEqual([false, false, true])
})

test('the more all hold together, the less each may; together they stay below what is set, and it is told once', () => {
  const buffers = new Buffers()
  const told = vi.fn<() => void>()
  buffers.onShort = told
  buffers.limit(16_384 * KB)
  const all = Array.from({ length: 1_000 }, () => holder(0))
  // Each grows in steps of a read until it is held back.
  for (const one of all) while (!buffers.isFull(one)) one.waiting += 8 * KB
  for (let round = 0; round < 3; round++) for (const one of all) if (!buffers.isFull(one)) one.waiting += 8 * KB
  expect(buffers.held).toBeLessThan(16_384 * KB + all.length * 8 * KB)
  expect(all[0]?.waiting).toBeGreaterThan(200 * KB)
  expect(all.at(-1)?.waiting).toBe(8 * KB)
  expect(told).toHaveBeenCalledTimes(1)
})

test('who has taken everything may be sent again, though others hold all there is', () => {
  const buffers = new Buffers()
  buffers.limit(16_384 * KB)
  for (let count = 0; count < 100; count++) buffers.note(holder(200))
  const reader = holder(100)
  expect(buffers.isFull(reader)).toBe(true)
  reader.waiting = 0
  expect(buffers.isFull(reader)).toBe(false)
})

test('what was taken meanwhile, or is gone with its connection, counts no more; it is told again when it is short again', () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const buffers = new Buffers()
  const told = vi.fn<() => void>()
  buffers.onShort = told
  buffers.limit(16_384 * KB)
  for (const times of [1, 2]) {
    const all = Array.from({ length: 100 }, () => holder(164))
    for (const one of all) buffers.note(one)
    expect(buffers.isFull(holder(8))).toBe(true)
    expect(told).toHaveBeenCalledTimes(times)
    for (const one of all) one.waiting = 0
    vi.advanceTimersByTime(100)
    expect(buffers.held).toBe(8 * KB * times)
  }
})
