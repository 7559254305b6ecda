import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BlockBook } from '../../../proxy/host/blocks/block-book'
import { tempDirectory } from '../../support/temp-directory'

const HOUR = 3_600_000
const FIRST_DAY = Date.UTC(2026, 4, 24)

beforeEach(() => void vi.useFakeTimers({ now: FIRST_DAY }))
afterEach(() => void vi.useRealTimers())

function open(file = path.join(tempDirectory(), 'blocks.json')) {
  const told: string[] = []
  const book = new BlockBook({ file, log: (line) => void told.push(line), warn: (title, text) => void told.push(`${title}: ${text}`) })
  const block = (address: string, span = HOUR): void =>
    book.heard({ at: Date.now(), kind: 'blocked', address, until: Date.now() + span, reason: 'refused often' })
  const unblock = (address: string): void =>
    book.heard({ at: Date.now(), kind: 'unblocked', address, until: Date.now(), reason: 'refused often' })
  const rests = (): Record<string, number> => Object.fromEntries(book.handed().map(({ address, rest }) => [address, rest]))
  const written = (): string[] =>
    (JSON.parse(readFileSync(file, 'utf8')) as { blocks: { address: string }[] }).blocks.map(({ address }) => address)
  return { file, book, told, block, unblock, rests, written }
}

test('a block is written at once, lasts over a restart for what is left of it, and then is forgotten', () => {
  const { file, block, told } = open()
  block('203.0.113.9')
  block('203.0.113.10', 60_000)
  vi.advanceTimersByTime(HOUR / 2)
  const next = open(file)
  expect(next.rests()).toEqual({ '203.0.113.9': HOUR / 2 })
  vi.advanceTimersByTime(HOUR / 2)
  expect([next.rests(), open(file).rests(), told]).toEqual([{}, {}, []])
})

test('a clock that was put back makes no block longer, in this run or in the next', () => {
  const { file, book, block, rests } = open()
  block('203.0.113.9')
  vi.advanceTimersByTime(HOUR / 2)
  book.stop()
  vi.setSystemTime(FIRST_DAY - 24 * HOUR)
  expect(rests()).toEqual({ '203.0.113.9': HOUR / 2 })
  expect(open(file).rests()['203.0.113.9']).toBeLessThanOrEqual(HOUR)
})

test('who was let in again by hand is not blocked by the next start', () => {
  const { file, book, block, unblock, rests } = open()
  block('203.0.113.9')
  block('203.0.113.10')
  unblock('203.0.113.9')
  book.stop()
  expect([Object.keys(rests()), Object.keys(open(file).rests())]).toEqual([['203.0.113.10'], ['203.0.113.10']])
})

test('a flood of blocks is written once a second, and to its end before the host ends', () => {
  const { book, block, written } = open()
  for (let n = 0; n < 100; n++) block(`198.51.100.${n}`)
  expect(written()).toHaveLength(1)
  vi.advanceTimersByTime(1_000)
  expect(written()).toHaveLength(100)
  block('203.0.113.9')
  book.stop()
  expect(written()).toHaveLength(101)
})

test('no flood makes the file larger than 50,000 clients: those blocked longest ago make room', () => {
  const { file, book, rests } = open()
  book.learn(
    Array.from({ length: 50_001 }, (_, n) => ({
      address: `10.0.${n >> 8}.${n & 255}`,
      since: FIRST_DAY,
      rest: HOUR,
      reason: 'refused often',
    })),
  )
  expect([Object.keys(rests()).length, rests()['10.0.0.0']]).toEqual([50_000, undefined])
  expect(Object.keys(open(file).rests())).toHaveLength(50_000)
})

test('a damaged file is told of, and what is blocked from then on is kept', () => {
  const { file } = open()
  writeFileSync(file, '{"version":1,"blocks":[{"address":7}]}')
  const { told, block, written } = open(file)
  expect(told).toEqual([
    expect.stringMatching(/^Who was blocked by itself is not known any more: .*blocks\.json cannot be read: its content is damaged\./),
  ])
  block('203.0.113.9')
  expect(written()).toEqual(['203.0.113.9'])
})

test('where the file cannot be written that is said once, and nobody is let in for it', () => {
  const file = path.join(tempDirectory(), 'blocks.json')
  mkdirSync(file)
  const { told, block, rests } = open(file)
  block('203.0.113.9')
  vi.advanceTimersByTime(2_000)
  block('203.0.113.10')
  vi.advanceTimersByTime(2_000)
  expect(Object.keys(rests())).toEqual(['203.0.113.9', '203.0.113.10'])
  expect(told.filter((line) => line.includes('could not be written'))).toHaveLength(1)
})
