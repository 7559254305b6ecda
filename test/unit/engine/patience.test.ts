import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Patience } from '../../../proxy/engine/patience'

const DAY = 24 * 3_600_000

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

test.each([1, 24, 25, 30])('an engine that may serve %d days without a host does so, and then ends', (days) => {
  const ended = vi.fn()
  const patience = new Patience(ended, false)
  patience.serveAlone(days * DAY)
  patience.begin(import.meta.filename)
  vi.advanceTimersByTime(days * DAY - 1)
  expect(ended).not.toHaveBeenCalled()
  patience.stop()
  patience.begin(import.meta.filename)
  vi.advanceTimersByTime(days * DAY)
  expect(ended).toHaveBeenCalledOnce()
  patience.stop()
})

test('a next engine that no host has given anything to serve lets go of the ports in seconds: clients wait there', () => {
  const ended = vi.fn()
  const patience = new Patience(ended, true)
  patience.begin(import.meta.filename)
  vi.advanceTimersByTime(5_000)
  expect(ended).toHaveBeenCalledOnce()
  patience.stop()
})
