import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { askEcho } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'
import { startWsEcho } from '../../support/stream-servers'
import { until } from '../../support/until'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

function open(options: { host?: string; path?: string } = {}): Promise<{ socket: WebSocket; heard: string[]; closed: () => boolean }> {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${options.path ?? '/'}`, { headers: { host: options.host ?? 'a' } })
  const heard: string[] = []
  let closed = false
  socket.on('message', (data: Buffer) => void heard.push(data.toString()))
  socket.on('close', () => (closed = true))
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ socket, heard, closed: () => closed }))
    socket.once('error', reject)
    socket.once('unexpected-response', (_, answer) => reject(new Error(`answered ${answer.statusCode}`)))
  })
}
async function echoes({ socket, heard }: Awaited<ReturnType<typeof open>>, text: string): Promise<void> {
  socket.send(text)
  await until(`the echo of ${text.slice(0, 20)}`, () => heard.includes(text))
}

test('a WebSocket works without a setting, early and large messages included', async () => {
  const server = await startWsEcho({ greeting: 'hello' })
  await gateway.serve({ id: 'ws', backends: [{ id: 'main', url: server.url }] })
  const client = await open()
  await until('the greeting', () => client.heard.includes('hello'))
  await echoes(client, 'ping')
  await echoes(client, 'x'.repeat(2_000_000))
  const running = (await gateway.status()).services[0]?.traffic
  expect(running).toMatchObject({ inFlight: 1, requests: 1 })
  client.socket.terminate()
  await until('the backend to hear of the end', () => server.open() === 0)
  await until('the request to be over', async () => (await gateway.status()).services[0]?.traffic.inFlight === 0)
  expect((await gateway.rows())[0]).toMatchObject({ status: 101, backend: 'main', error: null })
  await server.stop()
})

test('what a client sends together with its handshake is not lost', async () => {
  const server = await startWsEcho()
  await gateway.serve({ id: 'ws', backends: [{ id: 'main', url: server.url }] })
  const handshake =
    'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
  // One masked text frame "hi" (RFC 6455 §5.7), with a mask of zeroes.
  const frame = Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69])
  const socket = await openRaw(gateway.port)
  socket.write(Buffer.concat([Buffer.from(handshake), frame]))
  expect(await readUntil(socket, (text) => text.endsWith('\x81\x02hi'))).toMatch(/^HTTP\/1\.1 101[^]*s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/)
  socket.destroy()
  await server.stop()
})

test('when the backend ends, so does the client, and the other way round', async () => {
  const server = await startWsEcho()
  await gateway.serve({ id: 'ws', backends: [{ id: 'main', url: server.url }] })
  const client = await open()
  await server.stop()
  await until('the client to be closed', client.closed)
})

test('an idle WebSocket is closed after the service’s time', async () => {
  const server = await startWsEcho()
  await gateway.serve({ id: 'ws', timeouts: { tunnel: '1s' }, backends: [{ id: 'main', url: server.url }] })
  const client = await open()
  await until('the idle connection to be closed', client.closed, 4_000)
  await server.stop()
})

test('a backend that is no WebSocket server is heard out, and its connection closed', async () => {
  const backend = await startBackend()
  await gateway.serve({ id: 'ws', backends: [{ id: 'main', url: backend.url }] })
  await expect(open()).rejects.toThrow('answered 200')
  const answer = await sendRaw(
    gateway.port,
    'GET /x? HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n',
  )
  expect(answer.body).toContain('"url":"/x?"')
  expect(answer.body).toContain('"x-forwarded-for":"127.0.0.1"')
  await backend.stop()
})

test('the next backend is tried when one refuses the connection, and 502 says when none is left', async () => {
  const server = await startWsEcho()
  await gateway.serve({
    id: 'ws',
    health: { type: 'off' },
    backends: [
      { id: 'dead', url: 'http://127.0.0.1:9' },
      { id: 'main', url: server.url },
    ],
  })
  for (let n = 0; n < 3; n++) {
    const client = await open()
    await echoes(client, `round ${n}`)
    client.socket.terminate()
  }
  await server.stop()
  await until('a refusal', async () =>
    open().then(
      () => false,
      (error: Error) => /answered 50[23]/.test(error.message),
    ),
  )
})

test('any other protocol is not offered on: h2c is answered as plain HTTP/1.1', async () => {
  const backend = await startBackend()
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backend.url }] })
  const answer = await sendRaw(
    gateway.port,
    'POST /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nContent-Length: 5\r\n\r\nhelloGET /y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  )
  expect(answer.text).toMatch(/^HTTP\/1\.1 200/)
  expect(answer.text).toContain('"bodyBytes":5')
  expect(answer.text).toContain('"url":"/y"')
  expect(answer.text).not.toMatch(/h2c|http2-settings/i)
  await backend.stop()
})

test('a saved change to something else leaves a WebSocket alone; one that shuts its client out ends it', async () => {
  const server = await startWsEcho()
  const backend = await startBackend()
  const ws = { id: 'ws', hosts: ['ws.lan'], backends: [{ id: 'main', url: server.url }] }
  await gateway.serve(ws)
  const client = await open({ host: 'ws.lan' })
  await gateway.serve(ws, { id: 'other', backends: [{ id: 'main', url: backend.url }] })
  expect((await askEcho(gateway.port)).name).toBe('a')
  await echoes(client, 'still here')
  await gateway.serve({ ...ws, access: { rules: [{ action: 'deny', from: 'loopback' }] } })
  await until('the connection to be closed', client.closed)
  await expect(open({ host: 'ws.lan' })).rejects.toThrow('answered 403')
  await server.stop()
  await backend.stop()
})

test('messages from 1 byte to 16 MB go through and come back whole', async () => {
  const server = await startWsEcho()
  await gateway.serve({ id: 'ws', backends: [{ id: 'main', url: server.url }] })
  const { socket } = await open()
  for (const size of [1, 125, 126, 65_535, 65_536, 1 << 20, 16 << 20]) {
    const sent = Buffer.alloc(size, `${size} `)
    const back = new Promise<Buffer>((resolve) => void socket.once('message', (data: Buffer) => resolve(data)))
    socket.send(sent)
    expect((await back).equals(sent)).toBe(true)
  }
  socket.terminate()
  await server.stop()
})
