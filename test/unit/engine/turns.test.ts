import { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import type { FileHandle } from 'node:fs/promises'
import { FileReads } from '../../../proxy/engine/files/file-reads'
import { Turns } from '../../../proxy/engine/intake/turns'

const PIECE = 65_536

/** Connections that bring as much as they are let, and how often each was let read on. */
function flows(count: number): { sockets: Socket[]; turns: Turns; readOn: () => number[] } {
  const sockets = Array.from({ length: count }, () => new Socket())
  const spies = sockets.map((socket) => vi.spyOn(socket, 'resume'))
  return { sockets, turns: new Turns(262_144), readOn: () => spies.map(({ mock }) => mock.calls.length) }
}

/** How many of these go on reading at once. */
const goOn = (turns: Turns, sockets: readonly Socket[]): number => sockets.filter((socket) => turns.mayGoOn(socket, PIECE)).length

test('one that brings much is read on and on where nobody else does', async () => {
  const { sockets, turns, readOn } = flows(1)
  for (let turn = 0; turn < 3; turn++) {
    expect(goOn(turns, Array.from({ length: 32 }, () => sockets).flat())).toBe(32)
    await nextTurn()
  }
  expect(readOn()).toEqual([0])
})

test('of two that bring much neither is read at the cost of the other', async () => {
  const { sockets, turns, readOn } = flows(2)
  const [first = [], second = []] = sockets.map((socket) => Array.from({ length: 32 }, () => socket))
  expect([goOn(turns, first), turns.mayGoOn(second[0] ?? expect.fail(), PIECE)]).toEqual([32, false])
  await nextTurn()
  expect(readOn()).toEqual([0, 1])
  expect(goOn(turns, first.slice(0, 5))).toBe(4)
  await nextTurn()
  expect(readOn()).toEqual([1, 1])
})

test('of 500 that bring much no more is read in one turn than of a few; each has its turn, in order', async () => {
  const { sockets, turns, readOn } = flows(500)
  expect(goOn(turns, sockets)).toBe(4)
  await nextTurn()
  expect(readOn().slice(0, 10)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0])
  await nextTurn()
  expect(readOn().slice(0, 14)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0])
})

test('while clients come, of those that bring much one is read a turn', async () => {
  const { sockets, turns, readOn } = flows(20)
  for (let turn = 0; turn < 3; turn++) {
    turns.hurry()
    if (turn === 0) expect(goOn(turns, sockets)).toBe(0)
    await nextTurn()
  }
  expect(readOn().reduce((sum, count) => sum + count, 0)).toBe(3)
  await nextTurn()
  expect(readOn().reduce((sum, count) => sum + count, 0)).toBe(7)
})

test('one that its owner holds back, or that has gone, is not read when its turn comes', async () => {
  const { sockets, turns, readOn } = flows(8)
  goOn(turns, sockets)
  sockets[4]?.pause()
  sockets[5]?.destroy()
  await nextTurn()
  expect(readOn()).toEqual([0, 0, 0, 0, 0, 0, 1, 1])
})

test('of one folder two pieces of files are read at once, the others in their turn; other folders do not wait for it', async () => {
  const reads = new FileReads()
  const begun: string[] = []
  const ends: (() => void)[] = []
  const handle = (name: string): FileHandle =>
    ({
      read: () =>
        new Promise((resolve) => {
          begun.push(name)
          ends.push(() => resolve({ bytesRead: 1, buffer: Buffer.alloc(1) }))
        }),
    }) as unknown as FileHandle
  const into = Buffer.alloc(1)
  const all = ['a', 'b', 'c', 'd'].map((name) => reads.read('/mnt/hangs', handle(name), into, 0))
  const other = reads.read('/srv', handle('other'), into, 0)
  await nextTurn()
  expect(begun).toEqual(['a', 'b', 'other'])
  ends[0]?.()
  await nextTurn()
  expect(begun).toEqual(['a', 'b', 'other', 'c'])
  for (const at of [1, 2, 3]) ends[at]?.()
  await nextTurn()
  ends[4]?.()
  expect(await Promise.all([...all, other])).toEqual([1, 1, 1, 1, 1])
})

test('a file that cannot be read lets the next one have its turn', async () => {
  const reads = new FileReads()
  const broken = { read: () => Promise.reject(new Error('EIO')) } as unknown as FileHandle
  expect(await Promise.all(Array.from({ length: 5 }, () => reads.read('/srv', broken, Buffer.alloc(1), 0)))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ])
})
