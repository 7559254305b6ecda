import { expect, test } from 'vitest'
import { Timer, TimerWheel } from '../../../proxy/engine/time/timer-wheel'
import { until } from '../../support/until'

test('timers fire once, in good time and never before', async () => {
  const wheel = new TimerWheel()
  const late: number[] = []
  for (const ms of [0, 1, 49, 50, 120, 400]) {
    const began = performance.now()
    new Timer(wheel, () => void late.push(performance.now() - began - ms)).set(ms)
  }
  await until('all to have fired', () => late.length === 6)
  // Whoever fired twice would have done so before one that is set now.
  await new Promise<void>((resolve) => {
    new Timer(wheel, resolve).set(120)
  })
  expect(late).toHaveLength(6)
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0)
})

test('a timer that is moved on waits for its new time; one that is drawn nearer or cleared does as well', async () => {
  const wheel = new TimerWheel()
  const fired: string[] = []
  const [later, sooner, never] = ['later', 'sooner', 'never'].map((name) => new Timer(wheel, () => void fired.push(name)))
  later?.set(60)
  sooner?.set(60_000)
  never?.set(60)
  later?.set(400)
  sooner?.set(100)
  never?.clear()
  await until('the later one', () => fired.includes('later'))
  expect(fired).toEqual(['sooner', 'later'])
})

test('a timer may set itself anew, and times beyond a turn of the wheel wait', async () => {
  const wheel = new TimerWheel()
  let rounds = 0
  const timer: Timer = new Timer(wheel, () => {
    rounds += 1
    if (rounds < 3) timer.set(1)
  })
  const far = new Timer(wheel, () => expect.fail('a month has not passed'))
  far.set(30 * 24 * 3_600_000)
  timer.set(1)
  await until('three rounds', () => rounds === 3)
  wheel.stop()
})

test('a cleared timer is let go at once: what it belonged to must not wait for the wheel to come round', () => {
  const wheel = new TimerWheel()
  const [kept, cleared] = [new Timer(wheel, () => undefined), new Timer(wheel, () => undefined)]
  for (const timer of [kept, cleared]) timer.set(60_000)
  cleared.clear()
  expect([kept.tick === -1, cleared.tick, kept.next, kept.previous]).toEqual([false, -1, null, null])
  wheel.stop()
})

test('a timer that rests does not fire and is dropped when its place comes round; set again, it fires in its time', async () => {
  const wheel = new TimerWheel()
  let fired = 0
  const timer = new Timer(wheel, () => void (fired += 1))
  timer.set(60)
  timer.rest()
  await until('its place to have come', () => timer.tick === -1)
  expect(fired).toBe(0)
  const began = performance.now()
  timer.set(1_000)
  timer.rest()
  timer.set(1_050)
  await until('it to fire', () => fired === 1)
  expect(performance.now() - began).toBeGreaterThanOrEqual(1_050)
})
