import { expect, test } from 'vitest'
import { WaitQueues, type Waiter } from '../../../proxy/engine/pipeline/wait-queue'
import { TimerWheel } from '../../../proxy/engine/time/timer-wheel'
import type { BodySink, Exchange } from '../../../proxy/engine/visit/exchange'

interface Waiting extends Waiter {
  readonly name: string
  /** What stands for its client's connection. */
  sink: BodySink | null
}

/** A line of requests, of which `rooms` may go on; what happened to whom is in `told`. */
function line() {
  const queues = new WaitQueues(new TimerWheel())
  const told: string[] = []
  const free = { rooms: 0 }
  const enter = (name: string, whenIn: () => void = () => undefined, length = 10): boolean => {
    const waiting: Waiting = {
      name,
      sink: null,
      exchange: { listen: (sink: BodySink | null) => (waiting.sink = sink) } as unknown as Exchange,
      onRoom() {
        if (free.rooms === 0) return false
        free.rooms -= 1
        told.push(name)
        whenIn()
        return true
      },
      onTimeUp: () => void told.push(`${name} gave up`),
      onLeft: () => void told.push(`${name} left`),
    }
    sinks.set(name, waiting)
    return queues.enter('one', waiting, { length, wait: 60_000 })
  }
  const sinks = new Map<string, Waiting>()
  const leave = (name: string): void => sinks.get(name)?.sink?.onClientGone({ by: 'client', reason: 'the client went away' })
  return { queues, told, free, enter, leave }
}

test('who came first goes on first, and as many as there is room for', () => {
  const { queues, told, free, enter } = line()
  for (const name of ['a', 'b', 'c']) expect(enter(name)).toBe(true)
  queues.room('one')
  expect([told, queues.size]).toEqual([[], 3])
  free.rooms = 2
  queues.room('one')
  expect([told, queues.size]).toEqual([['a', 'b'], 1])
  queues.room('another')
  free.rooms = 1
  queues.roomAnywhere()
  expect([told, queues.size]).toEqual([['a', 'b', 'c'], 0])
})

test('an offer that is not taken leaves everybody where they were, however often it is made', () => {
  const { queues, told, free, enter } = line()
  for (const name of ['a', 'b', 'c']) enter(name)
  for (let n = 0; n < 5; n++) queues.roomAnywhere()
  expect(queues.size).toBe(3)
  free.rooms = 3
  queues.roomAnywhere()
  expect(told).toEqual(['a', 'b', 'c'])
})

test('a request that ends as it goes on makes room for the next, and nobody goes twice', () => {
  const { queues, told, free, enter } = line()
  const again = (): void => {
    free.rooms = 1
    queues.room('one')
  }
  enter('a', again)
  enter('b', again)
  enter('c')
  free.rooms = 1
  queues.room('one')
  expect([told.toSorted(), queues.size]).toEqual([['a', 'b', 'c'], 0])
})

test('who enters while others are offered room waits behind them', () => {
  const { queues, told, free, enter } = line()
  enter('a', () => void enter('late'))
  enter('b')
  free.rooms = 2
  queues.room('one')
  expect(told).toEqual(['a', 'b'])
  free.rooms = 1
  queues.room('one')
  expect(told.at(-1)).toBe('late')
})

test('a line that is full takes nobody, and who left makes a place in it', () => {
  const { queues, told, enter, leave } = line()
  expect([enter('a', undefined, 1), enter('b', undefined, 1)]).toEqual([true, false])
  leave('a')
  expect([told, queues.size, enter('c', undefined, 1)]).toEqual([['a left'], 0, true])
})
