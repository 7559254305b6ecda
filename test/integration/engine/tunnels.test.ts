import { createHash, randomBytes } from 'node:crypto'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { startGateway, type Gateway } from '../../support/gateway'
import { until } from '../../support/until'

let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(() => gateway.stop())

const HANDSHAKE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n'
const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'
const MB = 1024 * 1024
const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

interface Side {
  readonly socket: Socket
  readonly got: Buffer[]
  ended: boolean
  /** Why it broke; null: it has not. */
  broke: string | null
}

function side(socket: Socket): Side {
  const made: Side = { socket, got: [], ended: false, broke: null }
  socket.on('data', (chunk: Buffer) => void made.got.push(chunk))
  socket.once('end', () => (made.ended = true))
  socket.on('error', (error: NodeJS.ErrnoException) => (made.broke = error.code ?? error.message))
  onTestFinished(() => void socket.destroy())
  return made
}
const sizeOf = ({ got }: Side): number => got.reduce((sum, { length }) => sum + length, 0)

/** Both ends of a WebSocket through the gateway, each ending its half for itself only. */
async function tunnel(more: Partial<ServiceDocument> = {}): Promise<{ client: Side; backend: Side }> {
  const backends: Side[] = []
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', () => {
      socket.write(SWITCH)
      backends.push(side(socket))
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await gateway.serve({ id: 'ws', health: { type: 'off' }, backends: [{ id: 'main', url }], ...more })
  const client = side(connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true }))
  client.socket.write(HANDSHAKE)
  await until('the switch', () => Buffer.concat(client.got).includes('\r\n\r\n'))
  client.got.length = 0
  const backend = await until('the backend', () => backends[0])
  return { client, backend }
}
const ticks = (): number => gateway.events.filter(({ name }) => name === 'tick').length
const row = () => until('the row', async () => (await gateway.rows())[0])

/** So long nothing more comes or goes: what is to be held back is held back. */
async function stands(value: () => number): Promise<void> {
  await until('it to stand still', async () => {
    const before = value()
    for (let n = 0; n < 20; n++) await gateway.status()
    return value() === before
  })
}

test.each(['backend', 'client'] as const)('all that a %s says before it ends arrives, however long the other pauses', async (who) => {
  const { client, backend } = await tunnel()
  const [from, to] = who === 'backend' ? [backend, client] : [client, backend]
  // As much as the system's buffers and the gateway's take together: the end is known long before the last byte is taken.
  const bytes = randomBytes(4 * MB)
  to.socket.pause()
  from.socket.end(bytes)
  await stands(() => from.socket.writableLength)
  // For longer than a tunnel's last bytes were once given: the gateway tells of each second.
  const seconds = ticks()
  await until('three seconds', () => ticks() >= seconds + 3)
  expect(to.ended).toBe(false)
  to.socket.resume()
  await until('the end', () => to.ended)
  expect(sha(Buffer.concat(to.got))).toBe(sha(bytes))
  to.socket.end()
  expect(await row()).toMatchObject({ status: 101, endedBy: who, reason: null, error: null })
})

test('a backend that hangs up with bytes of the client unread is heard to its end all the same', async () => {
  const { client, backend } = await tunnel()
  const bytes = randomBytes(8 * MB)
  client.socket.pause()
  backend.socket.end(bytes)
  await stands(() => backend.socket.writableLength)
  client.socket.resume()
  // A ping while the tail is on its way, for which there is nobody any more.
  await until('the tail to come', () => sizeOf(client) > MB)
  client.socket.pause()
  await until('all to be sent', () => backend.socket.writableLength === 0)
  backend.socket.destroy()
  for (let n = 0; n < 5; n++) {
    client.socket.write('ping')
    await gateway.status()
  }
  client.socket.resume()
  await until('the end', () => client.ended || client.broke !== null)
  expect([client.broke, sha(Buffer.concat(client.got))]).toEqual([null, sha(bytes)])
  client.socket.end()
  expect(await row()).toMatchObject({ endedBy: 'backend', reason: null })
  expect((await gateway.status()).services[0]?.backends[0]).toMatchObject({ failed: 0, inFlight: 0 })
})

test.each([
  ['client', 'backend'],
  ['backend', 'client'],
] as const)('a %s that breaks off is told as the one who did, and the %s sees that it was no good end', async (who, other) => {
  const sides = await tunnel()
  sides[who].socket.resetAndDestroy()
  await until('the other to see it', () => sides[other].broke !== null)
  expect(sides[other].broke).toBe('ECONNRESET')
  expect(await row()).toMatchObject({ status: 101, endedBy: who, reason: 'the connection broke (ECONNRESET)' })
})

test.each(['client', 'backend'] as const)('one half may end and the other go on: what the %s says last is answered', async (who) => {
  const { client, backend } = await tunnel()
  const [asks, answers] = who === 'client' ? [client, backend] : [backend, client]
  asks.socket.end('a question')
  await until('the question', () => answers.ended)
  answers.socket.end('an answer')
  await until('the answer', () => asks.ended)
  expect([Buffer.concat(asks.got), Buffer.concat(answers.got)].map(String)).toEqual(['an answer', 'a question'])
  expect(await row()).toMatchObject({ endedBy: who, reason: null })
})

test('one that pushes on to somebody who has gone is told so', async () => {
  const { client, backend } = await tunnel()
  client.socket.destroy()
  await until('its end', () => backend.ended)
  const push = (): void => {
    while (!backend.socket.destroyed && backend.socket.write(Buffer.alloc(65_536)));
  }
  backend.socket.on('drain', push)
  push()
  await until('the backend to be told', () => backend.broke !== null)
  expect(await row()).toMatchObject({ endedBy: 'client', reason: null })
})

test('a silent one is ended by the gateway, which says so', async () => {
  const { client } = await tunnel({ timeouts: { tunnel: '1s' } })
  await until('the end', () => client.socket.destroyed)
  expect(await row()).toMatchObject({ endedBy: 'gateway', reason: 'nothing came for 1 s', status: 101 })
})
