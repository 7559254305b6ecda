import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { scriptedBackend, type ScriptedBackend } from '../../support/scripted-backend'
import { startSse } from '../../support/stream-servers'
import { until } from '../../support/until'

let gateway: Gateway
/** Requests at the backend that wait for the test to answer them. */
let waiting: Socket[]
beforeEach(async () => {
  waiting = []
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

const holding = (): Promise<ScriptedBackend> => scriptedBackend((socket) => void waiting.push(socket))
const serve = (url: string, more: Partial<ServiceDocument> = {}): Promise<void> =>
  gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url }], ...more })

/** Sends all it has to say and ends its half, as `nc -N` and many a small device do; goes on to read. */
function sayAndEnd(message: string): { readonly socket: Socket; readonly text: Promise<string>; got(): string } {
  const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  let got = ''
  socket.on('data', (chunk: Buffer) => (got += chunk.toString('latin1')))
  const text = new Promise<string>((resolve) => void socket.once('close', () => resolve(got)))
  socket.once('end', () => void socket.destroy())
  socket.end(message)
  return { socket, text, got: () => got }
}

/** Long enough that the client has been looked after more than once: the first letters of its answer tell. */
const lookedAfter = (client: { got(): string }): Promise<unknown> => until('a look whether it is there', () => client.got().length >= 3)

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

test('a client that has ended its half gets its answer whenever that comes, byte for byte as any other', async () => {
  const backend = await holding()
  await serve(backend.url)
  const client = sayAndEnd(GET)
  await lookedAfter(client)
  waiting[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: x\r\n\r\nhi')
  expect(await client.text).toBe('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: x\r\nConnection: close\r\n\r\nhi')
  expect((await gateway.rows())[0]).toMatchObject({ status: 200, endedBy: 'backend', reason: null })
})

test('an early hint and a switch of protocols reach it whole as well', async () => {
  const backend = await holding()
  await serve(backend.url)
  const client = sayAndEnd('GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n')
  await lookedAfter(client)
  waiting[0]?.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
  await until('the hint', () => client.got().endsWith('\r\n\r\n'))
  waiting[0]?.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nbye')
  expect(await client.text).toMatch(
    /^HTTP\/1\.1 103 Early Hints\r\nLink: [^\r]*\r\n\r\nHTTP\/1\.1 101 Switching Protocols\r\n[^]*\r\n\r\nbye$/,
  )
})

test('requests that were sent before the end are all answered, in order', async () => {
  const backend = await holding()
  await serve(backend.url)
  const client = sayAndEnd(`${GET}POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello${GET}GET /half`)
  for (let n = 0; n < 3; n++) {
    await until('the next to be asked', () => waiting.length === n + 1)
    if (n === 1) await until('its body', () => backend.got.some((text) => text.endsWith('hello')))
    waiting[n]?.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${n}`)
  }
  expect((await client.text).match(/\r\n\r\n\d/g)).toEqual(['\r\n\r\n0', '\r\n\r\n1', '\r\n\r\n2'])
})

test('a stream of events goes on for it, each event whole', async () => {
  const sse = await startSse()
  onTestFinished(() => sse.stop())
  await serve(sse.url)
  const client = sayAndEnd(GET)
  await until('the head', () => client.got().includes('\r\n\r\n'))
  await until('a look whether it is there', () => /\r\n\r\n00+$/.test(client.got()))
  for (const word of ['one', 'two']) {
    sse.send(word)
    await until(word, () => client.got().includes(`data: ${word}\n\n`))
  }
  await sse.stop()
  const [, body = ''] = (await client.text).split('\r\n\r\n')
  expect(body).toMatch(/^0+b\r\ndata: one\n\n\r\n0*b\r\ndata: two/)
})

test('it may wait in line, with a body that has come and with one that has not come whole', async () => {
  const backend = await holding()
  await serve(backend.url, { backends: [{ id: 'main', url: backend.url, maxConnections: 1 }], queue: { length: 10, wait: '30s' } })
  const first = sayAndEnd(GET)
  await until('the first to be asked', () => waiting.length === 1)
  const whole = sayAndEnd('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello')
  await lookedAfter(whole)
  const half = sayAndEnd('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel')
  await until('it to wait in line', async () => (await gateway.status()).services[0]?.traffic.inFlight === 3)
  waiting[0]?.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n0')
  await until('the second to be asked', () => waiting.length === 2)
  await until('its body', () => backend.got.some((text) => text.endsWith('hello')))
  waiting[1]?.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1')
  expect([await first.text, await whole.text].map((text) => text.slice(-1))).toEqual(['0', '1'])
  await half.text
  await until('the row of the one that stopped in its body', async () => (await gateway.rows()).some(({ endedBy }) => endedBy === 'client'))
  expect((await gateway.status()).services[0]?.traffic.inFlight).toBe(0)
})

test('one that has gone altogether is found out long before its answer’s time is over, and its backend can stop', async () => {
  let ended = false
  const backend = await scriptedBackend((socket) => void waiting.push(socket.once('close', () => (ended = true))))
  await serve(backend.url)
  const socket = await openRaw(gateway.port, GET)
  await until('it to be asked', () => waiting.length === 1)
  socket.destroy()
  await until('the backend to see the end', () => ended)
  expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'client', reason: 'the client went away' })
  await until('the connection to be gone', async () => (await gateway.status()).listeners[0]?.connections === 0)
})

test('one that waits counts as an open connection, and the time that an answer may take bounds it', async () => {
  const backend = await holding()
  await serve(backend.url, { timeouts: { response: '1s' } })
  const client = sayAndEnd(GET)
  await until('it to be asked', () => waiting.length === 1)
  expect((await gateway.status()).listeners[0]?.connections).toBe(1)
  expect(await client.text).toMatch(/^HTTP\/1\.1 504 /)
  await until('the connection to be gone', async () => (await gateway.status()).listeners[0]?.connections === 0)
})

test('a client that stops its upload for an early answer gets all of it', async () => {
  const backend = await holding()
  await serve(backend.url)
  const client = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void client.destroy())
  client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhello')
  await until('it to be asked', () => waiting.length === 1)
  const answer = readUntil(client, (text) => text.includes('\r\n\r\n'))
  waiting[0]?.write('HTTP/1.1 413 Too Much\r\nContent-Length: 5\r\n\r\n')
  await answer
  const rest = readUntil(client, () => false)
  client.once('end', () => void client.destroy())
  client.end()
  waiting[0]?.write('enoug')
  expect(await rest).toBe('enoug')
})
