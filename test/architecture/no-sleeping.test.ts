import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

/** Files with a timer of their own, and why each must have it. Whoever waits for an event, or by `until`, needs none. */
const TIMERS: Readonly<Record<string, string>> = {
  'test/support/until.ts': 'looks again at what no event tells',
  'test/support/fake-desktop.ts': 'is a desktop, whose numbers come every second',
  'test/integration/black-box/under-way.test.ts': 'looks how large a process is while something else goes on',
  'test/integration/engine/reference.test.ts': 'ends the other proxy, which leaves its client waiting where an answer is cut short',
  'test/integration/host/engine-end.test.ts': 'keeps a process running until it is ended',
  'test/unit/engine/relay.test.ts': 'is a side that says a little now and then',
  'test/unit/electron/turn.test.ts': 'keeps a process running until it is ended',
  'test/security/desync.test.ts': 'gives a connection up that a fault leaves open',
  'test/security/gateway-fuzz.test.ts': 'gives a connection up on which garbage is waited for to go on',
  'test/e2e/desktop/fence.spec.ts': 'a page opens a window in a later turn, as a script without a person does',
}

function filesWith(pattern: RegExp, folder = 'test'): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name).replaceAll(path.sep, '/'))
    .filter(
      (file) =>
        /\.(ts|tsx|mjs)$/.test(file) &&
        file !== 'test/architecture/no-sleeping.test.ts' &&
        !/^test\/(standin|\.standin|\.results)\//.test(file),
    )
    .filter((file) => pattern.test(readFileSync(path.join(root, file), 'utf8')))
    .toSorted()
}

test('no test sleeps: those with a timer are listed with the reason', () => {
  // `test.setTimeout` says how long a whole test may take.
  expect(filesWith(/(?<!\btest\.)set(Timeout|Interval)\(|setTimeout as |waitForTimeout\(/)).toEqual(Object.keys(TIMERS).toSorted())
})

test('no test fails because the machine is slow: none says how long something may have taken at most', () => {
  expect(filesWith(/(performance|Date)\.now\(\) - \w+\)+(\.toBeLess|\s*\/\s*\d+\)\.toBeLess)/)).toEqual([])
  expect(filesWith(/\btimeout: [1-9]_?\d{3}\b/, 'test/e2e')).toEqual([])
})
