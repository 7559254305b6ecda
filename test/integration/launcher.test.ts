import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { freePort } from '../support/free-port'

const start = path.resolve(import.meta.dirname, '../../electron/launch/start.mjs')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'astrorelay-start-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  readonly child: ChildProcess
  readonly out: { stdout: string; stderr: string }
  readonly ended: Promise<number | null>
}

/** Starts the launcher in the test's folder, in a session without a display. */
function launch(...args: string[]): Run {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env
  const child = spawn(process.execPath, [start, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const out = { stdout: '', stderr: '' }
  child.stdout.on('data', (text) => {
    out.stdout += String(text)
  })
  child.stderr.on('data', (text) => {
    out.stderr += String(text)
  })
  return { child, out, ended: new Promise((resolve) => child.once('exit', resolve)) }
}

test('a command runs where the person is, with its own output and exit code', async () => {
  writeFileSync(path.join(folder, 'bad.json'), '{ "version": 1, "servcies": [] }')
  const check = launch('check', 'bad.json')
  expect(await check.ended).toBe(1)
  expect(check.out.stdout + check.out.stderr).toContain('servcies')

  const version = launch('--version')
  expect(await version.ended).toBe(0)
  expect(version.out.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test.skipIf(process.platform !== 'linux')('without a display it says so in one line and serves; SIGTERM ends it in order', async () => {
  writeFileSync(
    path.join(folder, 'relay.json'),
    JSON.stringify({ version: 1, listeners: [{ id: 'web', address: '127.0.0.1', port: await freePort() }], services: [] }),
  )
  const run = launch('--config', 'relay.json', '--data', 'data', '--console', '127.0.0.1:0')
  await expect.poll(() => run.out.stdout, { timeout: 20_000 }).toContain('ready')
  expect(run.out.stdout).toMatch(/^console: http:\/\/127\.0\.0\.1:\d+\/ \(astrorelay link /m)
  const said = run.out.stderr.split('\n').filter((line) => line.startsWith('No desktop window'))
  expect(said).toEqual([expect.stringContaining('no display')])
  run.child.kill('SIGTERM')
  expect(await run.ended).toBe(0)
})
