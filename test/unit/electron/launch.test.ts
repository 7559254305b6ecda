import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { areInstalled } from '../../../electron/launch/install.mjs'
import { findRuntime, hasDisplay } from '../../../electron/launch/runtime.mjs'
import { isStale } from '../../../electron/launch/stale.mjs'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-launch-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** Writes a file with a time in seconds, so that no test depends on the clock. */
function write(name: string, content: string, seconds: number): void {
  const file = path.join(root, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  utimesSync(file, seconds, seconds)
  for (let folder = path.dirname(file); folder !== root; folder = path.dirname(folder)) utimesSync(folder, seconds, seconds)
}

const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ optionalDependencies: z.record(z.string(), z.string()).optional() })),
})
const lock = (version: string) =>
  JSON.stringify({
    packages: { '': {}, 'node_modules/zod': { version }, 'node_modules/only-on-mac': { version: '1.0.0', optional: true } },
  })
const installed = (version: string) => JSON.stringify({ packages: { 'node_modules/zod': { version } } })

describe('packages are installed', () => {
  test('when there are none', () => {
    write('package-lock.json', lock('4.0.0'), 100)
    expect(areInstalled(root)).toBe(false)
  })

  test('when the lock file is newer and asks for something else, not because a checkout gave it a new time', () => {
    write('node_modules/.package-lock.json', installed('4.0.0'), 100)
    write('package-lock.json', lock('4.0.0'), 200)
    expect(areInstalled(root)).toBe(true)
    write('package-lock.json', lock('4.0.1'), 200)
    expect(areInstalled(root)).toBe(false)
  })
})

test('the lock file has the packages of every platform, without which npm ci refuses to install anywhere', () => {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../../package-lock.json'), 'utf8')))
  const names = new Set(Object.keys(packages).map((key) => key.replace(/^.*node_modules\//, '')))
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !names.has(name))
  expect(missing).toEqual([])
})

describe('the bundles are built', () => {
  beforeEach(() => {
    write('proxy/cli/cli.ts', '', 100)
    write('renderer/index.html', '', 100)
    write('out/cli.js', '', 200)
    write('out/.stamp', `${new Date(200_000).toISOString()}\n`, 200)
  })

  test('not when nothing has changed since', () => expect(isStale(root)).toBe(false))

  test('when a source is newer', () => {
    write('renderer/index.html', '', 300)
    expect(isStale(root)).toBe(true)
  })

  test('when a source is gone', () => {
    rmSync(path.join(root, 'proxy/cli/cli.ts'))
    expect(isStale(root)).toBe(true)
  })

  test('when they never were, or only half', () => {
    rmSync(path.join(root, 'out/cli.js'))
    expect(isStale(root)).toBe(true)
  })
})

describe('a desktop window', () => {
  test('needs a display on Linux', () => {
    expect(hasDisplay('linux', {})).toBe(false)
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
    expect(hasDisplay('darwin', {})).toBe(true)
  })

  test('whose runtime could not be downloaded lately is not tried again, and says why', () => {
    const before = process.env['DISPLAY']
    process.env['DISPLAY'] = ':0'
    write('node_modules/.cache/astrorelay/electron-download.json', JSON.stringify({ at: Date.now(), why: 'fetch failed' }), 100)
    expect(findRuntime(root)).toEqual({ found: false, why: expect.stringContaining('fetch failed') })
    write('node_modules/.cache/astrorelay/electron-download.json', '{"at":', 100)
    expect(findRuntime(root)).toEqual({ found: false, why: expect.stringContaining('the electron package is missing') })
    if (before === undefined) delete process.env['DISPLAY']
    else process.env['DISPLAY'] = before
  })
})
