import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { endWords } from '../../../proxy/host/engine-end'
import type { EngineEnd } from '../../../proxy/host/engine-process'
import { launchDetached } from '../../../proxy/host/spawn/launch'
import { tempDirectory } from '../../support/temp-directory'

/** How a process that runs this script ends, as the host hears of it. */
function endOf(script: string): Promise<EngineEnd> {
  const bundle = path.join(tempDirectory(), 'engine.cjs')
  writeFileSync(bundle, script)
  const engine = launchDetached(() => undefined)({ file: process.execPath, args: [bundle], environment: {} })
  return new Promise((resolve) => engine.onExit(resolve))
}

describe('the end of an engine is told apart', () => {
  test('one that ends by itself: with its code', async () => {
    const end = await endOf('process.exit(3)')
    expect(end).toEqual({ kind: 'exited', code: 3 })
    expect(endWords(end)).toBe('it ended with code 3')
  })

  test.runIf(process.platform !== 'win32')('one that crashes: with the signal that stands for its fault', async () => {
    const end = await endOf('process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000)')
    expect(end).toEqual({ kind: 'crashed', code: null, signal: 'SIGSEGV' })
    expect(endWords(end)).toBe('it crashed (SIGSEGV)')
  })

  test.runIf(process.platform !== 'win32')('one that aborts without a word about memory: as a crash', async () => {
    expect(await endOf('process.abort()')).toMatchObject({ kind: 'crashed', signal: 'SIGABRT' })
  })

  test('one that somebody kills: as killed', async () => {
    const end = await endOf('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000)')
    expect(end).toMatchObject({ kind: 'killed' })
    expect(endWords(end)).toBe('it was killed from outside (SIGKILL), as the system does where memory is short')
  })

  test('one whose heap is full: as out of memory, not as any crash', async () => {
    vi.stubEnv('NODE_OPTIONS', '--max-old-space-size=20')
    onTestFinished(() => void vi.unstubAllEnvs())
    const end = await endOf('const all = []; for (;;) all.push(new Array(9999).fill(all.length + 0.5))')
    expect(end).toMatchObject({ kind: 'out-of-memory' })
    expect(endWords(end)).toBe('it ran out of memory')
  }, 30_000)
})
