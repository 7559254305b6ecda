import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { Agent, createServer, get, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { ask } from '../../support/ask'
import { buildOnce } from '../../support/build-once'
import { startBackend } from '../../support/echo-backend'
import { startWsEcho } from '../../support/stream-servers'
import { until } from '../../support/until'
import { expose, service } from './exposed'

beforeAll(buildOnce, 120_000)

const PIECE = randomBytes(1 << 20)
const PIECES = 100

function body(): Readable {
  return Readable.from(
    (function* () {
      for (let piece = 0; piece < PIECES; piece++) yield PIECE
    })(),
  )
}

async function sha256(stream: Readable): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(
    stream,
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        hash.update(chunk)
        done()
      },
    }),
  )
  return hash.digest('hex')
}

test('100 MB go through both ways, byte for byte, in bounded memory', async () => {
  const wanted = await sha256(body())
  const server = createServer((asked, answer) => {
    if (asked.method === 'GET') void pipeline(body(), answer).catch(() => undefined)
    else void sha256(asked).then((digest) => answer.end(digest))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port, enginePid } = await expose([service('a', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)])
  const pid = await enginePid()
  const options = { host: '127.0.0.1', port, headers: { host: 'a.test' }, agent: false as const }
  const before = residentMegabytes(pid)
  let most = before
  const watch = setInterval(() => (most = Math.max(most, residentMegabytes(pid))), 20)
  onTestFinished(() => clearInterval(watch))

  const down = await new Promise<string>(
    (resolve, reject) => void get(options, (answer) => void sha256(answer).then(resolve, reject)).on('error', reject),
  )
  const up = await new Promise<string>((resolve, reject) => {
    const asked = request({ ...options, method: 'PUT' }, (answer) => void answer.setEncoding('latin1').on('data', resolve))
    void pipeline(body(), asked).catch(reject)
  })
  expect({ down, up }).toEqual({ down: wanted, up: wanted })
  expect(most - before).toBeLessThan(100)
})

/** Of another process; only Linux tells this way, elsewhere the bytes alone are compared. */
function residentMegabytes(pid: number | null): number {
  const file = `/proc/${pid}/status`
  return existsSync(file) ? Number(/VmRSS:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? 0) / 1024 : 0
}

test('a configuration that is replaced under load fails no request', async () => {
  const backend = await startBackend()
  const { port, replace } = await expose([service('a', backend.url)])
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const statuses = new Map<string, number>()
  const over = new AbortController()
  async function keepAsking(): Promise<void> {
    while (!over.signal.aborted) {
      const outcome = await ask(port, '/', { agent, headers: { host: 'a.test' } }).then(
        ({ status, complete }) => `${status} ${complete}`,
        (error: Error) => error.message,
      )
      statuses.set(outcome, (statuses.get(outcome) ?? 0) + 1)
    }
  }
  const clients = Array.from({ length: 16 }, keepAsking)
  for (let round = 0; round < 8; round++) {
    const others = Array.from({ length: 200 }, (_, at) => service(`s${at}-${round}`, backend.url))
    expect(await replace([service('a', backend.url, { name: `Round ${round}` }), ...others])).toBe(200)
  }
  over.abort()
  await Promise.all(clients)
  agent.destroy()
  await backend.stop()
  expect([...statuses.keys()]).toEqual(['200 true'])
})

test('a WebSocket outlives edits of other services and ends when its own client is no longer allowed', async () => {
  const echo = await startWsEcho()
  const { port, replace } = await expose([service('a', echo.url)])
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, { headers: { host: 'a.test' } })
  const heard: string[] = []
  let ended = false
  socket.on('message', (data: Buffer) => void heard.push(data.toString()))
  socket.on('close', () => (ended = true))
  await new Promise((resolve, reject) => void socket.once('open', resolve).once('error', reject))
  expect(await replace([service('a', echo.url), service('b', echo.url)])).toBe(200)
  socket.send('still here')
  await until('the echo after the edit', () => heard.includes('still here'))
  expect(await replace([service('a', echo.url, { access: { rules: [{ action: 'deny', from: 'loopback' }] } })])).toBe(200)
  await until('the end of the denied connection', () => ended, 2_000)
  await echo.stop()
})

test('a client that goes away is noticed by the backend within two seconds', async () => {
  let gone = false
  const backend = await startBackend({ handler: (_asked, answer) => void answer.on('close', () => (gone = true)) })
  const { port } = await expose([service('a', backend.url)])
  const asked = get({ host: '127.0.0.1', port, headers: { host: 'a.test' }, agent: false })
  asked.on('error', () => undefined)
  await until('the request at the backend', () => backend.seen.length === 1)
  asked.destroy()
  await until('the backend hears of the end', () => gone, 2_000)
  await backend.stop()
})

test('an engine that is killed is back by itself with the same services', async () => {
  const backend = await startBackend()
  const { port, enginePid } = await expose([service('a', backend.url)])
  const pid = await enginePid()
  if (pid === null) throw new Error('the gateway tells no pid of its engine')
  process.kill(pid, 'SIGKILL')
  await until('an answer', () =>
    ask(port, '/', { headers: { host: 'a.test' } }).then(
      ({ status }) => status === 200,
      () => false,
    ),
  )
  expect(await enginePid()).not.toBe(pid)
  await backend.stop()
})
