import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { askEcho } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { type EngineUnderTest, startEngineProcess } from '../../support/engine-process'
import { freePort } from '../../support/free-port'
import { tempDirectory } from '../../support/temp-directory'

const BUNDLE = path.resolve(import.meta.dirname, '../../../out/engine.js')
let engine: EngineUnderTest
let backend: TestBackend

beforeAll(buildOnce, 120_000)
beforeEach(async () => {
  backend = await startBackend()
  engine = startEngineProcess(BUNDLE)
})
afterEach(async () => {
  await engine.stop()
  await backend.stop()
})

/** Ports that the engine serves. */
async function serving(count: number): Promise<number[]> {
  const ports: number[] = []
  for (let n = 0; n < count; n++) ports.push(await freePort())
  const result = await engine.client.call('load', {
    revision: '1',
    document: {
      version: 1,
      listeners: ports.map((port, n) => ({ id: `web${n}`, address: '127.0.0.1', port })),
      services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }] }],
    },
  })
  expect(result.ok).toBe(true)
  return ports
}

/** A program that says it is there to take the ports, and then does `next`. */
function successor(next: string): { file: string; args: string[]; environment: Record<string, string> } {
  const script = path.join(tempDirectory(), 'successor.cjs')
  writeFileSync(script, `${next}\nprocess.send('ready')\n`)
  return { file: process.execPath, args: [script], environment: {} }
}

test.each([
  ['before it has any port', "process.on('message', () => undefined); setImmediate(() => process.exit(1))"],
  // Ends before it could say that it has the port, for which the next one waits.
  ['with the first of several ports', "process.on('internalMessage', () => process.kill(process.pid, 'SIGKILL'))"],
  ['before it is there', 'process.exit(1)'],
])('a next engine that dies %s is told of, and the one that serves goes on', async (_, next) => {
  const ports = await serving(3)
  await expect(engine.client.call('handOver', { program: successor(next) })).rejects.toThrow()
  // A fault of the engine would end it only after its answer.
  await engine.client.call('ping', {})
  for (const port of ports) expect((await askEcho(port, '/x')).url).toBe('/x')
})
