import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'
import { scriptedBackend } from '../../support/scripted-backend'
import { until } from '../../support/until'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

const serve = (url: string, more: Partial<ServiceDocument> = {}): Promise<void> =>
  gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'main', url }], ...more })

/** A backend that answers as soon as a head has come and then closes, so that its system resets what still comes. */
async function hasty(answer: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.pause()
      socket.end(answer, () => void socket.destroy())
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const PIECE = Buffer.alloc(65_536, 'x')

/** Uploads without end, and without a look at what comes, until the connection is closed; gives all that came. */
async function upload(head: string, piece: Buffer | string = PIECE): Promise<string> {
  const socket = await openRaw(gateway.port)
  const answer = readUntil(socket, () => false)
  socket.write(head)
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  }
  socket.on('drain', more)
  more()
  return answer
}

const LONG = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n'
const CHUNKED = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
const CHUNK = `10000\r\n${'x'.repeat(65_536)}\r\n`

test.each([
  ['413, with a length', LONG, PIECE, 'HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\n\r\nno', 413],
  ['413 to a chunked upload', CHUNKED, CHUNK, 'HTTP/1.1 413 Too Much\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno', 413],
  ['401, in chunks', LONG, PIECE, 'HTTP/1.1 401 Who\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n', 401],
  ['403 to a chunked upload', CHUNKED, CHUNK, 'HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno', 403],
  ['a redirect', LONG, PIECE, 'HTTP/1.1 307 There\r\nLocation: /there\r\nContent-Length: 2\r\n\r\nno', 307],
  ['200', LONG, PIECE, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno', 200],
])('a backend that answers %s in the middle of an upload and closes is heard every time', async (_, head, piece, answer, status) => {
  await serve(await hasty(answer))
  const got: string[] = []
  for (let n = 0; n < 20; n++) got.push(await upload(head, piece))
  for (const text of got) {
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(text).toMatch(/\r\nConnection: close\r\n/)
    expect(text).toMatch(/no(\r\n0\r\n\r\n)?$/)
  }
  expect((await gateway.rows()).map(({ status, error }) => [status, error])).toEqual(Array.from({ length: 20 }, () => [status, null]))
  expect((await gateway.status()).services[0]?.backends[0]).toMatchObject({ failed: 0, inFlight: 0 })
})

test.each([401, 417])('a final %s instead of 100 Continue reaches the client, who is told that the connection ends', async (status) => {
  await serve(await hasty(`HTTP/1.1 ${status} No\r\nContent-Length: 2\r\n\r\nno`))
  const socket = await openRaw(gateway.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n')
  const text = await readUntil(socket, () => false)
  expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} No\r\n[^]*\r\nConnection: close\r\n[^]*no$`))
})

test('a backend that takes a request early and reads on gets all of it, and its connection is used again', async () => {
  let answered: Socket | null = null
  const backend = await scriptedBackend((socket, nth) => {
    answered = socket
    if (nth === 0) socket.write('HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok')
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext')
  })
  await serve(backend.url)
  const size = 3_000_000
  const socket = await openRaw(gateway.port, `POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
  expect(await readUntil(socket, (text) => text.endsWith('ok'))).toMatch(/^HTTP\/1\.1 202 Accepted\r\n/)
  socket.write('y'.repeat(size))
  await until('all of it at the backend', () => (backend.got[0]?.match(/y/g)?.length ?? 0) === size)
  await until('the row', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({ status: 202, bytesIn: size, endedBy: 'backend', error: null, reason: null })
  expect((await gateway.status()).services[0]?.traffic.inFlight).toBe(0)
  const next = await openRaw(gateway.port, 'GET /next HTTP/1.1\r\nHost: a\r\n\r\n')
  await readUntil(next, (text) => text.endsWith('next'))
  expect([backend.got.length, answered === null]).toEqual([1, false])
  next.destroy()
  socket.destroy()
})

test('after an early answer to a short body the client’s next request is answered on the same connection', async () => {
  const backend = await scriptedBackend((socket, nth) => void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${nth}`))
  await serve(backend.url)
  const socket = await openRaw(gateway.port, 'POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello')
  expect(await readUntil(socket, (text) => text.endsWith('\r\n\r\n0'))).not.toContain('Connection: close')
  socket.write('worldGET /2 HTTP/1.1\r\nHost: a\r\n\r\n')
  await readUntil(socket, (text) => text.endsWith('\r\n\r\n1'))
  expect(backend.got).toEqual([expect.stringMatching(/^POST \/1 [^]*helloworldGET \/2 /)])
  socket.destroy()
})

test('a client that leaves in the middle of a body whose answer it has is told of, and the backend sees the end', async () => {
  let ended = false
  const backend = await scriptedBackend((socket) => {
    socket.once('close', () => (ended = true))
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
  })
  await serve(backend.url)
  const socket = await openRaw(gateway.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhello')
  await readUntil(socket, (text) => text.endsWith('ok'))
  socket.destroy()
  await until('the backend to see the end', () => ended)
  expect((await gateway.rows())[0]).toMatchObject({ status: 200, endedBy: 'client', reason: 'the client went away' })
})

test('who is refused is told so, even where the body that comes along is not valid', async () => {
  await gateway.serve()
  const post = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  const answer = await sendRaw(gateway.port, `${post}no size\r\n${post}0\r\n\r\n`)
  expect(answer.text).toMatch(/^HTTP\/1\.1 404 [^]*\r\nConnection: close\r\n/)
  // What comes behind such a body could be anything.
  expect(answer.text.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  expect(await gateway.rows()).toMatchObject([{ status: 404, error: 'AR_NO_SERVICE' }])
})

test('a client of HTTP/1.0 sees the end of an early answer at once, and the rest of its body arrives', async () => {
  const backend = await scriptedBackend((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n')
  })
  await serve(backend.url)
  const socket = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void socket.destroy())
  const answer = new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.once('end', () => resolve(text))
  })
  socket.write('POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 10\r\n\r\nfirst')
  expect(await answer).toMatch(/\r\n\r\nok$/)
  socket.write('other')
  await until('the body to be whole', () => backend.got.some((text) => text.endsWith('firstother')))
  await until('the row', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({ status: 200, endedBy: 'backend', reason: null, bytesIn: 10 })
  await until('the connection to be over', async () => (await gateway.status()).busy.connections === 0)
})
