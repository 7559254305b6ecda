import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

/** Every way to ask what time it is, or how long something took, as oxlint's rules cannot tell `new Date()` from `new Date(at)`. */
const CLOCK =
  /\bDate\.now\b|\bDate\(\)|\bnew Date\b(?!\()|\bperformance\s*\.\s*(now|timeOrigin|mark|measure)\b|\bhrtime\b|\bprocess\.uptime\b|\bTemporal\.Now\b|from 'node:perf_hooks'/

function files(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name).replaceAll(path.sep, '/'))
}

function code(file: string): string {
  return readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
}

test('one file reads the clocks, so that each use says whether it is a date or a span', () => {
  const readers = ['proxy', 'electron', 'renderer'].flatMap(files).filter((file) => CLOCK.test(code(file)))
  expect(readers).toEqual(['proxy/contract/clock.ts'])
})

test('a date made of a number is no reading of a clock, a bare one is', () => {
  const made = ['new Date(at)', 'Date.parse(until)', 'new Date(0).toISOString()']
  const read = ['new Date()', 'Date.now()', 'now: Date.now,', 'String(Date())', 'performance.now()', 'process.hrtime.bigint()']
  expect([made.filter((text) => CLOCK.test(text)), read.filter((text) => !CLOCK.test(text))]).toEqual([[], []])
})
