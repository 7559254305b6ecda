import { createHash, randomBytes } from 'node:crypto'
import { createServer as createHttp, request, type ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask, askEcho } from '../../support/ask'
import { echo, startBackend, type BackendHandler, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'
import { standsStill } from '../../support/stands-still'
import { startSse } from '../../support/stream-servers'
import { until } from '../../support/until'

let gateway: Gateway
let backend: TestBackend | null = null
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(async () => {
  await gateway.stop()
  await backend?.stop()
  backend = null
})
async function setUp(handler?: BackendHandler, service: Partial<ServiceDocument> = {}): Promise<TestBackend> {
  backend = await startBackend(handler ? { handler } : {})
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backend.url }], ...service })
  return backend
}

const MB = 1024 * 1024
const piece = randomBytes(MB)
const sha = (times: number): string => {
  const hash = createHash('sha256')
  for (let n = 0; n < times; n++) hash.update(piece)
  return hash.digest('hex')
}
async function pump(to: ServerResponse | ReturnType<typeof request>, times: number): Promise<void> {
  for (let n = 0; n < times; n++) if (!to.write(piece)) await new Promise((resolve) => to.once('drain', resolve))
  to.end()
}

// What the engine's memory does meanwhile is measured on an engine alone: process.test.ts.
test('64 MB go up and come down whole', async () => {
  await setUp((request, response) => (request.method === 'POST' ? echo('a', request, response) : void pump(response.writeHead(200), 64)))
  const up = await new Promise<string>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: gateway.port, method: 'POST', path: '/' }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve(text))
    })
    asked.on('error', reject)
    void pump(asked, 64)
  })
  expect(JSON.parse(up)).toMatchObject({ bodyBytes: 64 * MB, bodySha256: sha(64) })
  const down = await new Promise<string>((resolve, reject) => {
    const hash = createHash('sha256')
    request({ host: '127.0.0.1', port: gateway.port, path: '/' }, (answer) => {
      answer.on('data', (chunk: Buffer) => hash.update(chunk))
      answer.on('end', () => resolve(hash.digest('hex')))
    })
      .on('error', reject)
      .end()
  })
  expect(down).toBe(sha(64))
})

test('a client that does not read holds the backend back instead of filling memory', async () => {
  let sent = 0
  await setUp(async (asked, response) => {
    response.writeHead(200)
    response.on('error', () => undefined)
    while (asked.url === '/' && !response.destroyed && sent < 200) {
      sent += 1
      if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
    }
    response.end()
  })
  const socket = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  socket.pause()
  const reached = await standsStill(
    'what the backend sends',
    () => sent,
    () => ask(gateway.port, '/other'),
  )
  expect(reached).toBeLessThan(40)
  socket.destroy()
})

test('an event reaches the client when it is sent, not when the next one follows', async () => {
  const sse = await startSse()
  await gateway.serve({ id: 'events', backends: [{ id: 'main', url: sse.url }] })
  const socket = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await readUntil(socket, (text) => text.includes('\r\n\r\n'))).toContain('text/event-stream')
  for (const word of ['one', 'two', 'three']) {
    sse.send(word)
    expect(await readUntil(socket, (text) => text.includes(word))).toContain(`data: ${word}`)
  }
  socket.destroy()
  await until('the backend to hear that the client went', () => sse.clients() === 0)
  await sse.stop()
})

test('a client that goes away ends the backend’s work, and is not held against the backend', async () => {
  let closed = false
  await setUp((_, response) => void response.on('close', () => (closed = true)))
  const asked = request({ host: '127.0.0.1', port: gateway.port, path: '/' })
  asked.on('error', () => undefined)
  asked.end()
  await until('the backend to be asked', () => backend?.seen.length === 1)
  asked.destroy()
  await until('the backend to hear of it', () => closed)
  const row = await until('the request to be logged', async () => (await gateway.rows())[0])
  expect(row).toMatchObject({ endedBy: 'client', backend: 'main' })
  expect((await gateway.status()).services[0]?.backends[0]).toMatchObject({ failed: 0, inFlight: 0 })
})

test.each([
  ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
  ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
])('an answer %s that breaks off does not look complete', async (_, text) => {
  const server = createServer((socket: Socket) => void socket.once('data', () => socket.end(text)))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  await gateway.serve({
    id: 'one',
    health: { type: 'off' },
    backends: [{ id: 'main', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }],
  })
  const answer = await ask(gateway.port)
  expect([answer.text, answer.complete]).toEqual(['half', false])
  expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'backend' })
  server.close()
})

test('a body over the limit gets 413: at once by its length, and when it is reached in chunks', async () => {
  const { seen } = await setUp(undefined, { maxBody: '1KB' })
  const named = await sendRaw(gateway.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n')
  expect([named.status, seen.length]).toEqual([413, 0])
  const chunked = await openRaw(
    gateway.port,
    `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${'400\r\n' + 'x'.repeat(1024) + '\r\n'}${'400\r\n' + 'x'.repeat(1024) + '\r\n'}`,
  )
  expect(await readUntil(chunked, (text) => text.includes('\r\n\r\n'))).toContain('413')
  chunked.destroy()
  expect((await askEcho(gateway.port, '/', { method: 'POST', body: 'x'.repeat(1024) })).bodyBytes).toBe(1024)
})

test('Expect: 100-continue is answered, and a refused body is never asked for', async () => {
  await setUp(undefined, { maxBody: '1KB' })
  const socket = await openRaw(
    gateway.port,
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
  )
  expect(await readUntil(socket, (text) => text.includes('\r\n\r\n'))).toContain('100 Continue')
  socket.write('hello')
  expect(await readUntil(socket, (text) => text.includes('bodyBytes'))).toContain('"bodyBytes":5')
  const refused = await openRaw(gateway.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n')
  const text = await readUntil(refused, (got) => got.includes('\r\n\r\n'))
  expect(text).toMatch(/^HTTP\/1\.1 413/)
  refused.destroy()
})

test('HEAD, OPTIONS, DELETE with a body, Range, 204 and 304 pass as they are', async () => {
  await setUp((request, response) => {
    if (request.url === '/204') response.writeHead(204).end()
    else if (request.url === '/304') response.writeHead(304, { ETag: '"x"' }).end()
    else if (request.url === '/range')
      response
        .writeHead(206, { 'Content-Range': 'bytes 0-1/10', 'Content-Length': 2 })
        .end(request.headers.range === 'bytes=0-1' ? 'ab' : '')
    else if (request.method === 'HEAD') response.writeHead(200, { 'Content-Length': 12345 }).end()
    else echo('a', request, response)
  })
  const head = await ask(gateway.port, '/', { method: 'HEAD' })
  expect([head.status, head.headers['content-length'], head.text]).toEqual([200, '12345', ''])
  expect((await ask(gateway.port, '/204')).status).toBe(204)
  const notModified = await ask(gateway.port, '/304')
  expect([notModified.status, notModified.headers.etag]).toEqual([304, '"x"'])
  const range = await ask(gateway.port, '/range', { headers: { range: 'bytes=0-1' } })
  expect([range.status, range.headers['content-range'], range.text]).toEqual([206, 'bytes 0-1/10', 'ab'])
  expect((await askEcho(gateway.port, '/', { method: 'OPTIONS' })).method).toBe('OPTIONS')
  expect(await askEcho(gateway.port, '/', { method: 'DELETE', body: 'gone', headers: { 'Content-Length': 4 } })).toMatchObject({
    bodyBytes: 4,
  })
  expect(await askEcho(gateway.port, '/', { method: 'DELETE', body: 'gone', headers: { 'Transfer-Encoding': 'chunked' } })).toMatchObject({
    bodyBytes: 4,
    headers: { 'transfer-encoding': 'chunked' },
  })
  expect(await askEcho(gateway.port, '/', { method: 'GET', body: 'odd', headers: { 'Transfer-Encoding': 'chunked' } })).toMatchObject({
    bodyBytes: 3,
  })
})

test('trailers and early hints pass', async () => {
  const server = createHttp((_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
    response.writeHead(200, { Trailer: 'X-Sum' })
    response.write('body')
    response.addTrailers({ 'X-Sum': '42' })
    response.end()
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }] })
  const answer = await sendRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  expect(answer.text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: <\/style\.css>/)
  expect((await ask(gateway.port)).trailers).toEqual({ 'x-sum': '42' })
  server.closeAllConnections()
  server.close()
})

test('15 KB of cookies pass, and a head over the limit gets 431', async () => {
  await setUp()
  const cookie = `a=${'x'.repeat(15_000)}`
  expect((await ask(gateway.port, '/', { headers: { cookie } })).status).toBe(200)
  const answer = await sendRaw(gateway.port, `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(40_000)}\r\n\r\n`)
  expect(answer.status).toBe(431)
})

test('many requests on one connection are answered in order, and the backend’s connection is used again', async () => {
  const { connections } = await setUp()
  const text = await sendRaw(
    gateway.port,
    'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  )
  expect([...text.text.matchAll(/"url":"(\/\d)"/g)].map(([, url]) => url)).toEqual(['/1', '/2', '/3'])
  const before = connections()
  for (let n = 0; n < 10; n++) await ask(gateway.port)
  expect(connections() - before).toBeLessThan(3)
})
