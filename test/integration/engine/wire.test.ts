import type { Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, askEcho } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'
import { scriptedBackend } from '../../support/scripted-backend'
import { segmentations, writePieces } from '../../support/segments'
import { until } from '../../support/until'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway({ settings: { limits: { connectionsPerClient: 10_000 } } })
})
afterEach(() => gateway.stop())
const off = { type: 'off' as const }
const serve = (url: string, more: object = {}): Promise<void> =>
  gateway.serve({ id: 'one', health: off, backends: [{ id: 'main', url }], ...more })

test.each([
  ['with a length', 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello'],
  [
    'in chunks',
    'POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Sum: 5\r\n\r\n',
  ],
])('a request %s is the same however the network cuts it', async (_, message) => {
  const backend = await startBackend()
  await serve(backend.url)
  for (const pieces of segmentations(message)) {
    const socket = await openRaw(gateway.port)
    const answer = readUntil(socket, () => false)
    await writePieces(socket, pieces)
    expect(await answer, JSON.stringify(pieces)).toMatch(/^HTTP\/1\.1 200 [^]*"url":"\/a"[^]*"bodyBytes":5/)
  }
  await backend.stop()
})

const ANSWERS = {
  'a length': 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
  chunks: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nX-Sum: 5\r\n\r\n',
  'an early hint': 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello',
}

test.each(Object.entries(ANSWERS))('an answer with %s is the same however the network cuts it', async (_, answer) => {
  let pieces: readonly string[] = []
  const backend = await scriptedBackend((socket) => {
    socket.setNoDelay(true)
    void writePieces(socket, pieces)
  })
  await serve(backend.url)
  for (pieces of segmentations(answer))
    expect(await ask(gateway.port), JSON.stringify(pieces)).toMatchObject({ status: 200, text: 'hello', complete: true })
  // Each answer was complete, so that its connection could be used again.
  expect(backend.got).toHaveLength(1)
})

test.each(Object.entries(ANSWERS))('an answer with %s that is cut short at any byte never looks complete', async (_, answer) => {
  let length = 0
  const backend = await scriptedBackend((socket) => void socket.end(answer.slice(0, length)))
  await serve(backend.url)
  for (length = 0; length < answer.length; length++) {
    const { status, text, complete } = await ask(gateway.port)
    if (status !== 502)
      expect({ status, complete, begun: 'hello'.startsWith(text) }, `cut at ${length}`).toEqual({
        status: 200,
        complete: false,
        begun: true,
      })
  }
  length = answer.length
  expect(await ask(gateway.port)).toMatchObject({ status: 200, text: 'hello', complete: true })
})

test('a client of HTTP/1.0 sees a chunked answer whole, and a broken one as broken', async () => {
  let answer = ANSWERS.chunks
  const backend = await scriptedBackend((socket) => void socket.end(answer))
  await serve(backend.url)
  const message = 'GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n'
  expect((await sendRaw(gateway.port, message)).text).toMatch(/^HTTP\/1\.1 200 OK\r\n(?!.*chunked)[^]*Connection: close\r\n\r\nhello$/)
  answer = answer.slice(0, -8)
  const socket = await openRaw(gateway.port)
  const errors: string[] = []
  socket.on('error', ({ message }) => errors.push(message))
  socket.write(message)
  await readUntil(socket, () => false)
  expect(errors.join()).toContain('ECONNRESET')
})

test('a POST is never sent twice, and never on a connection that has waited', async () => {
  const backend = await scriptedBackend((socket, nth) => (nth === 0 ? void socket.write(ANSWERS['a length']) : void socket.destroy()))
  await serve(backend.url)
  expect((await ask(gateway.port)).status).toBe(200)
  expect((await ask(gateway.port, '/', { method: 'POST', body: 'x' })).status).toBe(502)
  expect(backend.got.map((text) => text.split(' ')[0])).toEqual(['GET', 'POST'])
})

test('bytes that a backend sends unasked are nobody’s answer', async () => {
  const backend = await scriptedBackend(
    (socket, nth) =>
      void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${nth}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`),
  )
  await serve(backend.url)
  expect([(await ask(gateway.port)).text, (await ask(gateway.port)).text]).toEqual(['0', '1'])
  expect(backend.got).toHaveLength(2)
})

test('an answer that comes before its upload has ended is whole, and the connection goes on where the rest still comes', async () => {
  const backend = await scriptedBackend((socket) => void socket.write('HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\n\r\nno'))
  await serve(backend.url)
  const socket = await openRaw(gateway.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello')
  expect(await readUntil(socket, (text) => text.endsWith('no'))).toMatch(/^HTTP\/1\.1 413 Too Much\r\n/)
  socket.write('worldGET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await until('the next request at the backend', () => backend.got.some((text) => text.startsWith('GET /next ')))
  expect(backend.got.join('|')).not.toContain('world')
  socket.destroy()
})

test('thousands of idle connections are kept, one of them is served, and all are closed when the gateway stops', async () => {
  const backend = await startBackend()
  await serve(backend.url)
  const held: Socket[] = []
  for (let n = 0; n < 40; n++) held.push(...(await Promise.all(Array.from({ length: 50 }, () => openRaw(gateway.port)))))
  await until('all to be counted', async () => (await gateway.status()).listeners[0]?.connections === 2_000)
  const [first] = held
  first?.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  if (first) expect(await readUntil(first, (text) => text.includes('"url"'))).toContain('200 OK')
  expect((await askEcho(gateway.port)).name).toBe('a')
  await gateway.stop(5_000)
  for (const socket of held) socket.resume()
  await until('all to be closed', () => held.every((socket) => socket.destroyed || socket.readableEnded))
  for (const socket of held) socket.destroy()
  await backend.stop()
})
