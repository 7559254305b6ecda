import { expect, test } from 'vitest'
import { Memory } from '../../../electron/main/memory'

test('what cannot be read is forgotten, the rest is kept', () => {
  const memory = new Memory({ read: () => ({ window: { x: 'left' }, toldItKeepsRunning: true, old: 1 }), write: () => undefined })
  expect(memory.content).toEqual({ window: null, toldItKeepsRunning: true, onQuit: null })
})

test('a change is written at once and loses nothing else', () => {
  const written: unknown[] = []
  const memory = new Memory({ read: () => ({}), write: (content) => void written.push(content) })
  memory.remember({ toldItKeepsRunning: true })
  memory.remember({ window: { x: 1, y: 2, width: 900, height: 700, maximised: true } })
  expect(written.at(-1)).toEqual({
    toldItKeepsRunning: true,
    onQuit: null,
    window: { x: 1, y: 2, width: 900, height: 700, maximised: true },
  })
})
