import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const root = path.resolve(import.meta.dirname, '../..')

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.join(folder, name))
}

/** The files below `folder` whose code, comments left out, matches. */
function filesWith(pattern: RegExp, folder: string): string[] {
  return sources(folder).filter((name) =>
    pattern.test(readFileSync(path.join(root, name), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')),
  )
}

// A channel that is used in many places cannot be checked in one: each raw way out of a process has one file.
test.each([
  ['an engine’s local socket', /\bDOOR\.key\b/, 'proxy/engine'],
  ['an engine’s own child and parent', /process\.send\b|\bfork\(/, 'proxy/engine'],
  ['the start of an engine', /\bspawn\(/, 'proxy/host/spawn'],
  ['the local socket of an engine', /\bconnect\(\{ path/, 'proxy/host'],
  ['parentPort', /parentPort/, 'electron/utility'],
  ['ipcMain and webContents.send', /ipcMain|webContents\.send/, 'electron/main'],
  ['ipcRenderer', /ipcRenderer/, 'electron/preload'],
  ['utilityProcess', /utilityProcess\.fork/, 'electron/main'],
  ['the desktop bridge', /window\.astrorelay/, 'renderer'],
])('%s: in exactly one file', (_name, pattern, folder) => {
  expect(filesWith(pattern, folder)).toHaveLength(1)
})
