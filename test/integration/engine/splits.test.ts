import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { readClientHello } from '../../../proxy/engine/stream/client-hello'
import { startBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { scriptedBackend } from '../../support/scripted-backend'
import { segmentations, writePieces } from '../../support/segments'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())
const off = { type: 'off' as const }

describe('a PROXY head names the client however the network cuts it, and the request behind it is whole:', () => {
  const request = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
  const signature = '\r\n\r\n\0\r\nQUIT\n'
  test.each([
    ['version 1', 'PROXY TCP4 203.0.113.7 198.51.100.1 4000 80\r\n'],
    ['version 2', `${signature}\x21\x11\0\x0c\xcb\0\x71\x07\xc6\x33\x64\x01\x0f\xa0\0\x50`],
    ['version 2 with options', `${signature}\x21\x11\0\x10\xcb\0\x71\x07\xc6\x33\x64\x01\x0f\xa0\0\x50\x04\0\x01\r`],
  ])('%s', async (_, head) => {
    const backend = await startBackend()
    await gateway.load({
      version: 1,
      listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port, proxyProtocol: true }],
      services: [{ id: 'one', health: off, backends: [{ id: 'main', url: backend.url }] }],
      settings: { trustedProxies: ['127.0.0.1'], limits: { connectionsPerClient: 10_000 } },
    })
    for (const pieces of segmentations(head + request)) {
      const socket = await openRaw(gateway.port)
      const answer = readUntil(socket, () => false)
      await writePieces(socket, pieces)
      expect(await answer, JSON.stringify(pieces)).toMatch(/^HTTP\/1\.1 200 [^]*"x-real-ip":"203\.0\.113\.7"/)
    }
    await backend.stop()
  })
})

/** What OpenSSL, as Node has it, says first. */
async function hello(options: ConnectionOptions): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const accepted = once(server, 'connection')
  const { port } = server.address() as AddressInfo
  const client = connectTls({ port, host: '127.0.0.1', servername: 'Wiki.Office.lan', rejectUnauthorized: false, ...options })
  client.on('error', () => undefined)
  onTestFinished(() => void client.destroy())
  const [socket] = (await accepted) as [Socket]
  let bytes = Buffer.alloc(0)
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, chunk])
    if (readClientHello(bytes).kind !== 'more') break
  }
  server.close()
  return bytes
}

/** The same handshake message in records of so many bytes. */
function inRecords(whole: Buffer, size: number): Buffer {
  const message = whole.subarray(5)
  const records: Buffer[] = []
  for (let at = 0; at < message.length; at += size) {
    const part = message.subarray(at, at + size)
    records.push(Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 255]), part)
  }
  return Buffer.concat(records)
}

test('a TLS hello finds its server however the network or its client cuts it, and reaches it byte for byte', async () => {
  const server = createServer((socket) => void socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const port = await freePort()
  await gateway.load({
    version: 1,
    listeners: [{ id: 'port', address: '127.0.0.1', port, protocol: 'tcp' }],
    services: [
      {
        id: 'wiki',
        type: 'tcp',
        hosts: ['wiki.office.lan'],
        health: off,
        backends: [{ id: 'main', url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` }],
      },
    ],
    settings: { limits: { connectionsPerClient: 10_000 } },
  })
  const send = async (bytes: Buffer, pieces: readonly string[]): Promise<void> => {
    const socket = await openRaw(port)
    const back = readUntil(socket, (text) => text.length >= bytes.length)
    await writePieces(socket, pieces)
    expect(await back, pieces.map(({ length }) => length).join()).toBe(bytes.toString('latin1'))
    socket.destroy()
  }
  const real = [
    await hello({ maxVersion: 'TLSv1.2' }),
    await hello({ minVersion: 'TLSv1.3' }),
    await hello({ ALPNProtocols: ['h2', 'http/1.1'] }),
  ]
  for (const bytes of real) {
    const text = bytes.toString('latin1')
    await send(bytes, Array.from(text))
    for (let at = 1; at < text.length; at++) await send(bytes, [text.slice(0, at), text.slice(at)])
  }
  const [first = Buffer.alloc(0)] = real
  for (const size of [1, 2, 7, 100]) {
    const records = inRecords(first, size)
    const text = records.toString('latin1')
    await send(records, [text])
    await send(records, Array.from(text))
    await send(records, text.match(/[^]{1,6}/g) ?? [])
  }
})

// One text frame "hi" (RFC 6455 §5.7), of a server, and of a client with a mask of zeroes.
const FROM_SERVER = '\x81\x02hi'
const FROM_CLIENT = '\x81\x82\0\0\0\0hi'
const HANDSHAKE =
  'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
const ACCEPTED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

test('a WebSocket’s handshake and first frame arrive however the network cuts them on the client’s side', async () => {
  const server = createServer((socket) => {
    let got = ''
    let accepted = false
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1')
      if (!accepted && got.includes('\r\n\r\n')) accepted = socket.write(ACCEPTED, 'latin1')
      if (got.endsWith(`\r\n\r\n${FROM_CLIENT}`)) socket.write(FROM_SERVER, 'latin1')
    })
    onTestFinished(() => void socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await gateway.serve({ id: 'ws', health: off, backends: [{ id: 'main', url }] })
  for (const pieces of segmentations(HANDSHAKE + FROM_CLIENT)) {
    const socket = await openRaw(gateway.port)
    const answer = readUntil(socket, (text) => text.endsWith(FROM_SERVER))
    await writePieces(socket, pieces)
    expect(await answer, JSON.stringify(pieces)).toMatch(/^HTTP\/1\.1 101 /)
    socket.destroy()
  }
})

test.each([
  ['lines in CRLF', ACCEPTED],
  ['lines in LF alone', ACCEPTED.replaceAll('\r\n', '\n')],
])('a WebSocket’s acceptance and first frame arrive however the network cuts them on the backend’s side: %s', async (_, accepted) => {
  let pieces: readonly string[] = []
  const { url } = await scriptedBackend((socket) => {
    socket.setNoDelay(true)
    void writePieces(socket, pieces)
  })
  await gateway.serve({ id: 'ws', health: off, backends: [{ id: 'main', url }] })
  for (pieces of segmentations(accepted + FROM_SERVER)) {
    const socket = await openRaw(gateway.port, HANDSHAKE)
    const answer = await readUntil(socket, (text) => text.endsWith(FROM_SERVER))
    expect(answer, JSON.stringify(pieces)).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n[^]*\r\n\r\n..hi$/)
    socket.destroy()
  }
})
