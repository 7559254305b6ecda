import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { hashPassword } from '../../../proxy/host/hash-password'
import { ask } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { type Gateway, startGateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { echo } from '../../support/tcp-gateway'
import { until } from '../../support/until'

const STRANGER = '127.0.0.66'

async function setUp(more: Partial<ServiceDocument> = {}, document: Omit<Partial<ConfigDocument>, 'version'> = {}) {
  const backend = await startBackend()
  const gateway = await startGateway()
  onTestFinished(async () => {
    await gateway.stop()
    await backend.stop()
  })
  const { port } = gateway
  await gateway.load({
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }], health: { type: 'off' }, ...more }],
    ...document,
  })
  const connect = async (from = '127.0.0.1', message = ''): Promise<Socket> => {
    const socket = await openRaw(port, message, '127.0.0.1', from)
    onTestFinished(() => void socket.destroy())
    return socket.resume()
  }
  const many = (count: number, from: string, message = ''): Promise<Socket[]> =>
    Promise.all(Array.from({ length: count }, () => connect(from, message)))
  return { gateway, port, backend, connect, many }
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const headOf = (socket: Socket): Promise<string> => readUntil(socket, (text) => text.includes('\r\n\r\n'))
const open = async (gateway: Gateway): Promise<number | undefined> => (await gateway.status()).listeners[0]?.connections
const hits = async (gateway: Gateway, limit: string): Promise<number> => (await gateway.status()).limits?.[limit] ?? 0

test.each<[string, Partial<ServiceDocument>, Omit<Partial<ConfigDocument>, 'version'>]>([
  ['on the block list', {}, { blocked: [{ from: STRANGER }] }],
  ['that no service lets in', { access: { rules: [{ action: 'allow', from: '127.0.0.1' }] } }, {}],
])('400 silent connections of an address %s take no place of others, and are closed soon', async (_, more, document) => {
  const { gateway, many } = await setUp(more, {
    ...document,
    settings: { limits: { connections: 100, connectionsPerClient: 1_000 } },
  })
  const held = await many(400, STRANGER)
  await until('most to be closed', () => held.filter((socket) => !socket.destroyed).length <= 64)
  const honest = await many(100, '127.0.0.1')
  for (const socket of honest) socket.write(GET)
  expect((await Promise.all(honest.map(headOf))).filter((text) => text.startsWith('HTTP/1.1 200'))).toHaveLength(100)
  expect(await hits(gateway, 'connections')).toBe(0)
  await until('the rest to be closed', () => held.every((socket) => socket.destroyed))
  expect(await hits(gateway, 'refusedConnections')).toBeGreaterThan(0)
})

test('who is refused everywhere is still told so, and is not waited for long', async () => {
  const { gateway, connect } = await setUp({}, { blocked: [{ from: STRANGER }] })
  const socket = await connect(STRANGER)
  socket.write(GET)
  expect(await headOf(socket)).toMatch(/^HTTP\/1\.1 403/)
  expect((await gateway.rows()).map(({ client, error }) => [client, error])).toEqual([[STRANGER, 'AR_REFUSED']])
  await until('its connection to be closed', () => socket.destroyed)
})

/** Whether a connection of the stranger's takes the one place there is. */
async function takesPlace({ gateway, port, connect }: Awaited<ReturnType<typeof setUp>>): Promise<boolean> {
  const before = await hits(gateway, 'connections')
  const socket = await connect(STRANGER)
  await until('it to be in', async () => (await open(gateway)) === 1)
  await ask(port).catch(() => null)
  socket.destroy()
  await until('it to be gone', async () => (await open(gateway)) === 0)
  return (await hits(gateway, 'connections')) > before
}

const ONE = { limits: { connections: 1 } }

test.each<[string, (hash: string) => Partial<ServiceDocument>, ConfigDocument['settings']]>([
  [
    'signs in instead',
    (hash) => ({
      access: { rules: [{ action: 'allow', from: '10.0.0.0/8' }], satisfy: 'any' },
      basicAuth: { users: [{ name: 'anna', hash }] },
    }),
    ONE,
  ],
  ['is only watched', () => ({ access: { rules: [{ action: 'deny', from: STRANGER }], mode: 'watch' } }), ONE],
  ['is a trusted proxy', () => ({ access: { rules: [{ action: 'deny', from: STRANGER }] } }), { ...ONE, trustedProxies: [STRANGER] }],
])('who may come in all the same, since it %s, has its place', async (_, more, settings) => {
  const parts = await setUp(more(await hashPassword('secret')), { settings })
  expect(await takesPlace(parts)).toBe(true)
  const socket = await parts.connect(STRANGER)
  const credentials = Buffer.from('anna:secret').toString('base64')
  socket.write(`GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\nAuthorization: Basic ${credentials}\r\n\r\n`)
  expect(await headOf(socket)).toContain('200 OK')
})

test('one service that lets an address in is enough, and a saved rule holds for the next connection', async () => {
  const deny = { access: { rules: [{ action: 'deny' as const, from: STRANGER }] } }
  const parts = await setUp(deny, { settings: ONE })
  const { gateway, port, backend } = parts
  const other: ServiceDocument = { id: 'two', hosts: ['two.test'], backends: [{ id: 'main', url: backend.url }], health: { type: 'off' } }
  const one: ServiceDocument = { id: 'one', backends: [{ id: 'main', url: backend.url }], health: { type: 'off' }, ...deny }
  const load = (...services: ServiceDocument[]): Promise<void> =>
    gateway.load({ version: 1, listeners: [{ id: 'web', address: '127.0.0.1', port }], services, settings: ONE })
  expect(await takesPlace(parts)).toBe(false)
  await load(one, other)
  expect(await takesPlace(parts)).toBe(true)
  await load(one, { ...other, ...deny })
  expect(await takesPlace(parts)).toBe(false)
})

test('where a port is full, those that have been silent for a while give way to whoever comes', async () => {
  const { gateway, port, many } = await setUp({}, { settings: { limits: { connections: 20 } } })
  const silent = await many(10, '127.0.0.2')
  const idle = await many(10, '127.0.0.3', GET)
  await until('all to be in', async () => (await open(gateway)) === 20)
  await until('a newcomer to be answered', async () => (await ask(port).catch(() => null))?.status === 200)
  await until('silent ones to have gone', () => silent.some((socket) => socket.destroyed))
  // Those that have been answered before go after them.
  expect(idle.filter((socket) => socket.destroyed).length).toBeLessThanOrEqual(6)
})

test('a request that runs gives way to nobody', async () => {
  const { gateway, backend, port, many } = await setUp({}, { settings: { limits: { connections: 3 } } })
  const running = await many(3, '127.0.0.2', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n')
  await until('all to run', async () => (await gateway.status()).services[0]?.traffic.inFlight === 3)
  const refused = await until('one to be turned away', async () => ((await ask(port).catch(() => null)) === null ? 'refused' : null))
  expect([refused, running.filter((socket) => socket.destroyed)]).toEqual(['refused', []])
  for (const socket of running) socket.write('bytes')
  expect((await Promise.all(running.map(headOf))).every((text) => text.startsWith('HTTP/1.1 200'))).toBe(true)
  expect(backend.url).toContain('http')
})

const HANDSHAKES = { handshakes: 40, handshakesPerClient: 10 }

test('of one client so many connections may be silent; a new one ends the longest silent, and it is told once', async () => {
  const { gateway, connect, many } = await setUp({}, { settings: { limits: HANDSHAKES } })
  const first = await connect('127.0.0.2')
  await until('it to be in', async () => (await open(gateway)) === 1)
  await many(11, '127.0.0.2')
  await until('the first to go', () => first.destroyed)
  await until('ten to be left', async () => (await open(gateway)) === 10)
  expect(await hits(gateway, 'handshakesPerClient')).toBe(2)
  expect((await gateway.rows()).map(({ client, error, reason }) => [client, error, reason])).toEqual([
    [
      '127.0.0.2',
      'AR_RATE_LIMITED',
      '127.0.0.2 has 10 connections that have not said yet what they want, as many as settings.limits.handshakesPerClient allows; a new one ends the longest silent',
    ],
  ])
  // Others are not concerned.
  await many(10, '127.0.0.3')
  await until('them to be in', async () => (await open(gateway)) === 20)
})

test('of all clients together so many may be silent, and whoever says what it wants is none of them', async () => {
  const { gateway, connect, many } = await setUp({}, { settings: { limits: HANDSHAKES } })
  const answered = await many(10, '127.0.0.9', GET)
  const half = await connect('127.0.0.8', 'GET / HTTP/1.1\r\nHos')
  await until('them to be in', async () => (await open(gateway)) === 11)
  for (let n = 1; n <= 4; n++) await many(10, `127.0.0.${n}`)
  await until('the limit to strike', async () => (await hits(gateway, 'handshakes')) === 1)
  await until('the one with half a request to go', () => half.destroyed)
  expect(answered.filter((socket) => socket.destroyed)).toEqual([])
  expect(gateway.events.filter(({ name }) => name === 'limit').map(({ payload }) => payload)).toEqual([
    expect.objectContaining({ limit: 'handshakes', setting: 'settings.limits.handshakes' }),
  ])
})

test('half a later request counts as well, until it is whole', async () => {
  const { gateway, connect, many } = await setUp({}, { settings: { limits: HANDSHAKES } })
  const slow = await connect('127.0.0.2', GET)
  await headOf(slow)
  slow.write('GET / HTTP/1.1\r\nHos')
  await many(10, '127.0.0.2')
  await until('the slow one to go', () => slow.destroyed)
  const whole = await connect('127.0.0.4', GET)
  await headOf(whole)
  whole.write('GET / HTTP/1.1\r\nHos')
  whole.write('t: a\r\n\r\n')
  await headOf(whole)
  await many(11, '127.0.0.4')
  await until('the limit to strike', async () => (await hits(gateway, 'handshakesPerClient')) === 2)
  expect(whole.destroyed).toBe(false)
})

const hold = async (port: number, from: string): Promise<Socket> => {
  const socket = (await openRaw(port, '', '127.0.0.1', from)).resume()
  onTestFinished(() => void socket.destroy())
  return socket
}

test('connections before their TLS hello, and before a proxy’s header, count too', async () => {
  const backend = await echo()
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  const [tcp, proxied] = [await freePort(), await freePort()]
  await gateway.load({
    version: 1,
    listeners: [
      { id: 'tls', address: '127.0.0.1', port: tcp, protocol: 'tcp' },
      { id: 'proxied', address: '127.0.0.1', port: proxied, proxyProtocol: true },
    ],
    services: [
      {
        id: 'named',
        type: 'tcp',
        listeners: ['tls'],
        hosts: ['a.test'],
        backends: [{ id: 'a', url: backend.url }],
        health: { type: 'off' },
      },
    ],
    settings: { trustedProxies: ['127.0.0.9'], limits: { handshakes: 16 } },
  })
  const streams = await Promise.all(Array.from({ length: 8 }, () => hold(tcp, '127.0.0.2')))
  await until('them to be in', async () => (await open(gateway)) === 8)
  const greetings = await Promise.all(Array.from({ length: 16 }, () => hold(proxied, '127.0.0.9')))
  await until('the streams to give way', () => streams.every((socket) => socket.destroyed))
  expect(greetings.filter((socket) => socket.destroyed)).toEqual([])
  await hold(proxied, '127.0.0.9')
  await until('a greeting to give way', () => greetings.some((socket) => socket.destroyed))
  expect((await gateway.rows()).filter(({ reason }) => reason?.includes('its place was needed'))).toHaveLength(8)
})
