import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

/** Code of the files below some folders, comments left out, by path. */
function code(...folders: string[]): [file: string, text: string][] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name): [string, string] => {
        const file = path.join(folder, name).replaceAll(path.sep, '/')
        return [file, readFileSync(path.join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')]
      }),
  )
}

function filesWith(pattern: RegExp, ...folders: string[]): string[] {
  return code(...folders).flatMap(([file, text]) => (pattern.test(text) ? [file] : []))
}

// Status flows by events: asked for once, moved by what is told. Whoever asks again and again makes a thousand backends be
// written out, sent and parsed for each look.
test('the engine is asked for its status after a start, a hand-over, a load, and connections that were cut', () => {
  expect(filesWith(/call\('status'/, 'proxy/host')).toEqual(['proxy/host/hand-over.ts', 'proxy/host/supervisor.ts'])
  expect(filesWith(/freshStatus\(/, 'proxy/host').toSorted()).toEqual(['proxy/host/backends/backend-calls.ts', 'proxy/host/supervisor.ts'])
})

test('a window asks its host for the status in one file, which keeps no timer', () => {
  expect(filesWith(/call\('status'/, 'renderer')).toEqual(['renderer/state/status.ts'])
  expect(filesWith(/setInterval|setTimeout/, 'renderer/state')).not.toContain('renderer/state/status.ts')
})

test('no file that refreshes the status keeps a timer', () => {
  const refreshing = filesWith(/status\.refresh\(|handlers\.status\(|supervisor\.status\(/, 'renderer', 'electron/main', 'proxy/host')
  const timed = filesWith(/setInterval\(/, 'renderer', 'electron/main', 'proxy/host')
  expect(refreshing.filter((file) => timed.includes(file))).toEqual([])
})

test('the tray looks at the status for a second’s numbers only where these show in it', () => {
  const tray = code('electron/main').find(([file]) => file.endsWith('/tray.ts'))?.[1] ?? ''
  expect(tray).toMatch(/on\('tick', \(tick\) => tellsTray\(tick/)
  expect(tray.match(/'tick'/g)).toHaveLength(1)
})
