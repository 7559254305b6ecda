import { createReadStream, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import type { Socket } from 'node:net'
import { askEcho } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { type EngineUnderTest, startEngineProcess } from '../../support/engine-process'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { openRaw, readUntil } from '../../support/raw-client'
import { tempDirectory } from '../../support/temp-directory'
import { until } from '../../support/until'

const BUNDLE = path.resolve(import.meta.dirname, '../../../out/engine.js')
let engine: EngineUnderTest
let client: EngineUnderTest['client']
let backend: TestBackend

beforeAll(buildOnce, 90_000)
beforeEach(async () => {
  backend = await startBackend()
  engine = startEngineProcess(BUNDLE)
  client = engine.client
})
afterEach(async () => {
  await engine.stop()
  await backend.stop()
})
async function load(service: ServiceDocument = { id: 'one', backends: [{ id: 'main', url: backend.url }] }): Promise<number> {
  const port = await freePort()
  const result = await client.call('load', {
    revision: '1',
    document: {
      version: 1,
      listeners: [{ id: 'web', address: '127.0.0.1', port }],
      services: [service],
      settings: { limits: { connections: 20_000, connectionsPerClient: 20_000 } },
    },
  })
  expect(result.ok).toBe(true)
  return port
}

test('the engine serves as a process of its own, and ends when it has drained', async () => {
  const port = await load()
  expect((await askEcho(port, '/x')).url).toBe('/x')
  expect(await client.call('drain', { timeout: 1_000 })).toBeNull()
  expect(await engine.exited).toEqual({ kind: 'exited', code: 0 })
})

const IDLE = 10_000

test('10,000 idle connections are kept, and any of them is served', async () => {
  const port = await load()
  const held: Socket[] = []
  // From several addresses, or their ports might run out where other tests use them too.
  for (let n = 0; n < IDLE / 100; n++)
    held.push(...(await Promise.all(Array.from({ length: 100 }, () => openRaw(port, '', '127.0.0.1', `127.0.1.${1 + (n % 4)}`)))))
  await until('all to be counted', async () => (await client.call('status', {})).listeners[0]?.connections === IDLE)
  for (const socket of [held[0], held[IDLE / 2], held[IDLE - 1]]) {
    socket?.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    if (socket) expect(await readUntil(socket, (text) => text.includes('"url"'))).toContain('200 OK')
  }
  expect(held.filter((socket) => socket.destroyed)).toEqual([])
  for (const socket of held) socket.destroy()
  await until('all to be forgotten', async () => (await client.call('status', {})).listeners[0]?.connections === 0)
})

const MB = 1024 * 1024

async function rss(): Promise<number> {
  return (await client.call('status', {})).memory.rss / MB
}
const piece = randomBytes(MB)

/** By how many MB the engine grew at most while something was done. */
async function growth(act: () => Promise<void>): Promise<number> {
  const before = await rss()
  let most = before
  const over = new AbortController()
  const watch = (async () => {
    while (!over.signal.aborted) most = Math.max(most, await rss())
  })()
  await act()
  over.abort()
  await watch
  return most - before
}

test('64 MB go up and 64 MB come down, and the engine grows by less than 32 MB', async () => {
  await backend.stop()
  backend = await startBackend({
    handler: (asked, answer) => void (asked.method === 'POST' ? digest(asked).then((sum) => answer.end(sum)) : pump(answer)),
  })
  const port = await load()
  const carry = async (): Promise<void> => {
    const up = await new Promise<string>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, agent: false, method: 'POST' }, (answer) => {
        answer.setEncoding('latin1').on('data', resolve)
      }).on('error', reject)
      void pump(asked)
    })
    expect([up, await download(port, '/')]).toEqual([WHOLE, WHOLE])
  }
  // The first time code is compiled and the heap finds its size.
  await carry()
  expect(await growth(carry)).toBeLessThan(32)
})

test('a hosted file of 200 MB goes through intact, and the engine grows by less than 64 MB', { timeout: 120_000 }, async () => {
  const root = tempDirectory()
  writeFileSync(path.join(root, 'small.bin'), piece)
  const file = path.join(root, 'large.bin')
  for (let n = 0; n < 200; n++) {
    piece.writeUInt32LE(n) // no two blocks are the same: one sent twice, or left out, would be seen
    writeFileSync(file, piece, { flag: 'a' })
  }
  const port = await load({ id: 'manuals', type: 'files', root })
  // Code is compiled by a file that is too small to make the engine grow: the first large one must not either.
  for (let n = 0; n < 20; n++) await download(port, '/small.bin')
  let got = ''
  const grown = await growth(async () => {
    got = await download(port, '/large.bin')
  })
  expect(got).toBe(await digest(createReadStream(file)))
  expect(grown).toBeLessThan(64)
  expect((await client.call('status', {})).services[0]?.traffic.inFlight).toBe(0)
})

/** The digest of an answer's body. */
function download(port: number, target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: target, agent: false }, (answer) => void digest(answer).then(resolve, reject))
      .on('error', reject)
      .end()
  })
}

const WHOLE = (() => {
  const hash = createHash('sha256')
  for (let n = 0; n < 64; n++) hash.update(piece)
  return hash.digest('hex')
})()

async function pump(to: NodeJS.WritableStream): Promise<void> {
  for (let n = 0; n < 64; n++) if (!to.write(piece)) await new Promise((resolve) => to.once('drain', resolve))
  to.end()
}

async function digest(from: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of from) hash.update(chunk)
  return hash.digest('hex')
}
