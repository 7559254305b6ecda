import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

function filesWith(pattern: RegExp): string[] {
  return ['proxy', 'electron']
    .flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter(
      (file) =>
        file.endsWith('.ts') && pattern.test(readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')),
    )
    .toSorted()
}

// A throw in an interval ends its process: out of descriptors even a look at the machine's addresses throws.
test('what is done again and again is done by the one mechanism that outlives a fault; the timer wheel asks nothing of the system', () => {
  expect(filesWith(/setInterval\(/)).toEqual(['proxy/engine/time/timer-wheel.ts', 'proxy/system/steady.ts'])
})

test('what the system tells only with a descriptor is asked for where it may fail', () => {
  expect(filesWith(/memoryUsage|networkInterfaces\(\)/)).toEqual(['proxy/engine/engine-status.ts'])
})
