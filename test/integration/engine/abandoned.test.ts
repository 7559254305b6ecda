import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { startSse } from '../../support/stream-servers'
import { until } from '../../support/until'

const HANDSHAKE =
  'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n'

let gateway: Gateway
let backend: TestBackend
beforeEach(async () => {
  gateway = await startGateway()
  backend = await startBackend()
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backend.url }] })
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})
/** Nothing is left over of connections and requests whose clients are gone. */
async function expectClean(): Promise<void> {
  await until('every connection to be closed', async () => (await gateway.status()).listeners[0]?.connections === 0)
  await until('every request to be over', async () =>
    (await gateway.status()).services.every(
      ({ traffic, backends }) => traffic.inFlight === 0 && backends.every(({ inFlight }) => inFlight === 0),
    ),
  )
}

test('a client that goes while a later answer waits for its turn leaves nothing behind', async () => {
  const sse = await startSse()
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: sse.url }] })
  const socket = await openRaw(gateway.port, 'GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n')
  await until('the first to be asked', () => sse.clients() === 1)
  socket.destroy()
  await until('it to be given up', () => sse.clients() === 0)
  await expectClean()
  await sse.stop()
})

test.each([
  ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ['a request that is not HTTP', 'hello\r\n\r\n'],
])('a connection that was turned down for %s is closed, even by a client that does not close it', async (_, message) => {
  const socket = await openRaw(gateway.port, message)
  await readUntil(socket, (text) => text.includes('\r\n\r\n'))
  socket.write('more')
  await expectClean()
})

test('a WebSocket handshake that the backend answers without end is given up with its client', async () => {
  const endless = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nmore\r\n'))
  })
  await new Promise<void>((resolve) => void endless.listen(0, '127.0.0.1', resolve))
  await gateway.serve({
    id: 'one',
    health: { type: 'off' },
    backends: [{ id: 'main', url: `http://127.0.0.1:${(endless.address() as AddressInfo).port}` }],
  })
  const socket = await openRaw(gateway.port, HANDSHAKE)
  await readUntil(socket, (text) => text.includes('more'))
  socket.destroy()
  await expectClean()
  endless.close()
})

test('a WebSocket handshake that the backend leaves unanswered is given up with its client', async () => {
  let asked = 0
  const mute = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => (asked += 1))
  })
  await new Promise<void>((resolve) => void mute.listen(0, '127.0.0.1', resolve))
  await gateway.serve({
    id: 'one',
    health: { type: 'off' },
    backends: [{ id: 'main', url: `http://127.0.0.1:${(mute.address() as AddressInfo).port}` }],
  })
  const socket = await openRaw(gateway.port, HANDSHAKE)
  await until('the backend to be asked', () => asked > 0)
  socket.destroy()
  await expectClean()
  expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'client', status: 0 })
  mute.close()
})

test.each([
  ['a status no server should send', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'],
  ['control characters in its status line', 'HTTP/1.1 200 O\x01K\r\nContent-Length: 0\r\n\r\n'],
  ['an upgrade nobody asked for', 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'],
  [
    'an early hint that is none',
    'HTTP/1.1 103 Early Hints\r\nLink: <x>; a="b c"\r\n\r\nHTTP/1.1 302 Found\r\nLocation: //[::\r\nContent-Length: 0\r\n\r\n',
  ],
])('an answer with %s harms nobody', async (_, text) => {
  const odd = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(text, 'latin1'))
  })
  await new Promise<void>((resolve) => void odd.listen(0, '127.0.0.1', resolve))
  await gateway.serve({
    id: 'one',
    health: { type: 'off' },
    backends: [{ id: 'main', url: `http://127.0.0.1:${(odd.address() as AddressInfo).port}` }],
  })
  const socket = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  expect(await readUntil(socket, () => false)).toMatch(/^(HTTP\/1\.1 103 Early Hints\r\nLink: <x>; a="b c"\r\n\r\n)?HTTP\/1\.1 (502|302)/)
  await expectClean()
  odd.close()
})
