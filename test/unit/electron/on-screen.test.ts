import { expect, test } from 'vitest'
import { OnScreen } from '../../../electron/main/on-screen'

function notification() {
  const item = { closed: false, close: () => void (item.closed = true) }
  return item
}

test('notifications that nobody ever clicks do not pile up: the oldest go from the screen', () => {
  const onScreen = new OnScreen<ReturnType<typeof notification>>()
  const all = Array.from({ length: 1_000 }, notification)
  for (const [at, item] of all.entries()) onScreen.add(`cause ${at}`, item)
  expect(onScreen.size).toBe(20)
  expect(all.findIndex(({ closed }) => !closed)).toBe(980)
})

test('one of the same cause takes the place of the one before', () => {
  const onScreen = new OnScreen<ReturnType<typeof notification>>()
  const [first, second] = [notification(), notification()]
  onScreen.add('wiki', first)
  onScreen.add('wiki', second)
  expect([first.closed, second.closed, onScreen.size]).toEqual([true, false, 1])
  // The desktop tells later that the first is gone.
  onScreen.forget('wiki', first)
  expect(onScreen.size).toBe(1)
  onScreen.forget('wiki', second)
  expect(onScreen.size).toBe(0)
})
