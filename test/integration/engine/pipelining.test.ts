import { afterEach, beforeEach, expect, test } from 'vitest'
import { echo, startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'
import { startWsEcho } from '../../support/stream-servers'
import { until } from '../../support/until'

let gateway: Gateway
let backend: TestBackend
let finish: (() => void)[] = []
beforeEach(async () => {
  finish = []
  gateway = await startGateway()
  backend = await startBackend({
    handler: (request, response) => {
      if (request.url === '/slow') finish.push(() => echo('a', request, response))
      else echo('a', request, response)
    },
  })
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backend.url }] })
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})
const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`

test('requests that were sent at once run one after the other', async () => {
  const socket = await openRaw(
    gateway.port,
    `POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi${get('/2')}${get('/3', 'Connection: close\r\n')}`,
  )
  await until('the first to arrive', () => finish.length === 1)
  await gateway.status()
  expect(backend.seen.map(({ url }) => url)).toEqual(['/slow'])
  finish[0]?.()
  const text = await readUntil(socket, () => false)
  expect([...text.matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url)).toEqual(['/slow', '/2', '/3'])
})

test('what follows a refused request on its connection is not looked at', async () => {
  const { text } = await sendRaw(gateway.port, `TRACE / HTTP/1.1\r\nHost: a\r\n\r\n${get('/2')}`)
  expect(text.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 405'])
  expect(backend.seen).toEqual([])
})

test.each([
  [
    'a handshake',
    get('/ws', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'),
    /HTTP\/1\.1 101 /,
  ],
  ['an offer of h2c', get('/h2', 'Connection: Upgrade, close\r\nUpgrade: h2c\r\n'), /"url":"\/h2"/],
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n', /HTTP\/1\.1 405 /],
  ['garbage', 'garbage\r\n\r\n', /HTTP\/1\.1 400 /],
])('the answer to %s waits for the one before', async (_, message, answer) => {
  const server = await startWsEcho()
  await gateway.serve(
    { id: 'one', backends: [{ id: 'main', url: backend.url }] },
    { id: 'ws', path: '/ws', backends: [{ id: 'main', url: server.url }] },
  )
  const socket = await openRaw(gateway.port, get('/slow') + message)
  let text = ''
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  await until('the first to arrive', () => finish.length === 1)
  await gateway.status()
  expect(text).toBe('')
  finish[0]?.()
  await until('the second answer', () => answer.test(text))
  expect(text.indexOf('"url":"/slow"')).toBeGreaterThan(0)
  expect(text.search(answer)).toBeGreaterThan(text.indexOf('"url":"/slow"'))
  socket.destroy()
  await server.stop()
})

test('one that offers h2c with every request on one connection leaves nothing behind', async () => {
  const warnings: string[] = []
  const note = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', note)
  const socket = await openRaw(gateway.port)
  for (let n = 0; n < 30; n++) {
    socket.write(get(`/${n}`, 'Connection: Upgrade\r\nUpgrade: h2c\r\n'))
    expect(await readUntil(socket, (text) => text.includes(`"url":"/${n}"`))).toContain('200 OK')
  }
  socket.destroy()
  await new Promise((resolve) => void setImmediate(resolve))
  process.removeListener('warning', note)
  expect(warnings).toEqual([])
})

test('a handshake with a body comes to the backend with it', async () => {
  const { text } = await sendRaw(
    gateway.port,
    `${get('/x', 'Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nContent-Length: 5\r\n')}hello`,
  )
  expect(text).toContain('"bodyBytes":5')
})

test('a client that sends without end and reads no answer is no longer read, whatever it goes on to send', async () => {
  const socket = await openRaw(gateway.port)
  const piece = get('/slow').repeat(2_000)
  let sent = 0
  while (sent < 200 && socket.writableLength < 8_000_000) {
    socket.write(piece)
    sent += 1
    await gateway.status()
  }
  await until('the first to arrive', () => finish.length === 1)
  expect(socket.writableLength).toBeGreaterThan(1_000_000)
  expect(backend.seen.length).toBe(1)
  socket.destroy()
})

test('a client that ends its side after its requests gets all their answers', async () => {
  const quick = await openRaw(gateway.port)
  quick.end(get('/quick'))
  expect(await readUntil(quick, () => false)).toContain('"url":"/quick"')
  const several = await openRaw(gateway.port)
  several.end(`${get('/1')}${get('/2')}${get('/3')}GET /half`)
  expect([...(await readUntil(several, () => false)).matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url)).toEqual(['/1', '/2', '/3'])
})
