import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FolderHangsError, LookUps } from '../../../proxy/engine/files/look-ups'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

const never = (): Promise<never> => new Promise(() => undefined)

test('four look-ups of a folder go on at once; the next waits for one of them to end', async () => {
  const lookUps = new LookUps()
  const ends: (() => void)[] = []
  let begun = 0
  const look = (): Promise<string> =>
    new Promise((resolve) => {
      begun += 1
      ends.push(() => resolve('found'))
    })
  const all = Array.from({ length: 6 }, () => lookUps.run('/srv', look))
  await Promise.resolve()
  expect(begun).toBe(4)
  ends[0]?.()
  expect(await all[0]).toBe('found')
  await vi.waitFor(() => expect(begun).toBe(5))
  for (let at = 1; at < 6; at++) {
    await vi.waitFor(() => expect(ends.length).toBeGreaterThan(at))
    ends[at]?.()
  }
  expect(await Promise.all(all)).toEqual(Array.from({ length: 6 }, () => 'found'))
})

test('while a folder hangs, who waits is told after five seconds and who comes later at once; other folders are looked up as ever', async () => {
  const lookUps = new LookUps()
  for (let count = 0; count < 4; count++) void lookUps.run('/mnt/gone', never)
  const waiting = lookUps.run('/mnt/gone', never)
  const told = expect(waiting).rejects.toBeInstanceOf(FolderHangsError)
  await vi.advanceTimersByTimeAsync(5_001)
  await told
  await expect(lookUps.run('/mnt/gone', never)).rejects.toBeInstanceOf(FolderHangsError)
  expect(await lookUps.run('/srv', () => Promise.resolve('found'))).toBe('found')
})

test('a look-up that fails makes room, too', async () => {
  const lookUps = new LookUps()
  for (let count = 0; count < 20; count++) await expect(lookUps.run('/srv', () => Promise.reject(new Error('EIO')))).rejects.toThrow('EIO')
})
