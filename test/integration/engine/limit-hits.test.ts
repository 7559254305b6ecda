import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Socket as TcpSocket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { freePort, freeUdpPort } from '../../support/free-port'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

async function bound(address = '127.0.0.1'): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(0, address)
  await once(socket, 'listening')
  onTestFinished(() => new Promise<void>((resolve) => void socket.close(() => resolve())))
  return socket
}

/** A web service and a service of datagrams, whose server answers all but what begins with `!`. */
async function setUp(settings: ConfigDocument['settings'] = {}, more: Partial<ServiceDocument> = {}) {
  const backend = await startBackend()
  const server = await bound()
  server.on(
    'message',
    (bytes, { port, address }) => bytes.toString().startsWith('!') || server.send(`re:${bytes.toString()}`, port, address),
  )
  const gateway = await startGateway({ address: '0.0.0.0' })
  onTestFinished(async () => {
    await gateway.stop()
    await backend.stop()
  })
  const udp = await freeUdpPort()
  await gateway.load({
    version: 1,
    listeners: [
      { id: 'web', address: '0.0.0.0', port: gateway.port },
      { id: 'dns', address: '127.0.0.1', port: udp, protocol: 'udp' },
    ],
    services: [
      { id: 'one', backends: [{ id: 'main', url: backend.url }], health: { type: 'off' }, ...more },
      { id: 'names', type: 'udp', backends: [{ id: 'a', url: `udp://127.0.0.1:${server.address().port}` }] },
    ],
    settings,
  })
  return { gateway, backend, udp, server }
}

/** A client of datagrams on a port of its own. */
async function client(port: number) {
  const socket = await bound()
  const got: string[] = []
  socket.on('message', (bytes) => void got.push(bytes.toString()))
  const send = (text: string): void => socket.send(text, port, '127.0.0.1')
  const hears = (text: string): Promise<boolean> => until(`“${text}”`, () => got.includes(text))
  const asks = async (text: string): Promise<void> => {
    send(text)
    await hears(`re:${text}`)
  }
  return { send, asks, got }
}

async function connections(gateway: Gateway, count: number, from = '127.0.0.1'): Promise<TcpSocket[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => openRaw(gateway.port, '', '127.0.0.1', from)))
  onTestFinished(() => sockets.forEach((socket) => void socket.destroy()))
  return sockets
}
const connected = async (gateway: Gateway): Promise<number | undefined> => (await gateway.status()).listeners[0]?.connections
const sessions = async (gateway: Gateway): Promise<number | undefined> => (await gateway.status()).listeners[1]?.connections

test('connections over a client’s limit are told once, counted, and the words say which setting it is', async () => {
  const { gateway } = await setUp()
  await connections(gateway, 300, '127.0.0.2')
  await until('all to be counted', async () => (await gateway.status()).limits?.['connectionsPerClient'] === 44)
  expect(await connected(gateway)).toBe(256)
  expect(await gateway.rows()).toEqual([
    expect.objectContaining({
      client: '127.0.0.2',
      error: 'AR_RATE_LIMITED',
      reason: '127.0.0.2 has 256 connections open, as many as settings.limits.connectionsPerClient allows; more are closed at once',
    }),
  ])
  expect((await ask(gateway.port)).status).toBe(200)
})

test('a second later how often limits have struck is told without being asked for, and not again while none strikes', async () => {
  const { gateway } = await setUp()
  await connections(gateway, 258, '127.0.0.2')
  const told = (): unknown[] =>
    gateway.events.flatMap(({ name, payload }) => (name === 'tick' && 'services' in payload ? [payload.limits ?? null] : []))
  await until('all to be told, and a second in which nothing strikes', () => {
    const last = told().slice(-2)
    return JSON.stringify(last) === JSON.stringify([{ connectionsPerClient: 2 }, null])
  })
})

test('a port that has as many connections as it may have is told of once, to the host too', async () => {
  const { gateway } = await setUp({ limits: { connections: 3 } })
  await connections(gateway, 5)
  await until('the others to be closed', async () => (await gateway.status()).limits?.['connections'] === 2)
  expect((await gateway.rows()).map(({ error, reason }) => [error, reason])).toEqual([
    ['AR_BUSY', 'listener web has 3 connections open, as many as settings.limits.connections allows; more are closed at once'],
  ])
  expect(gateway.events.filter(({ name }) => name === 'limit').map(({ payload }) => payload)).toEqual([
    expect.objectContaining({ limit: 'connections', setting: 'settings.limits.connections' }),
  ])
})

test('datagrams that seem to come from somebody take none of its connections, however many there are', async () => {
  const { gateway, udp } = await setUp({ limits: { connectionsPerClient: 4 } })
  for (let n = 0; n < 12; n++) await (await client(udp)).asks(String(n))
  expect(await sessions(gateway)).toBe(4)
  expect((await ask(gateway.port)).status).toBe(200)
  const open = await connections(gateway, 4)
  await until('all to be in', async () => (await connected(gateway)) === 4)
  expect((await gateway.status()).limits).toEqual({ sessionsPerClient: 8 })
  // Nor the other way round: who has all its connections open is answered by datagrams.
  const late = await client(udp)
  await late.asks('late')
  open[0]?.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await readUntil(open[0] ?? expect.fail(), (text) => text.includes('\r\n\r\n'))).toContain('200 OK')
})

test('a flood of made-up clients, answered by the backend or not, ends no session of those that go on talking', async () => {
  const { gateway, udp } = await setUp({ limits: { connections: 4 } })
  const real = await client(udp)
  await real.asks('hello')
  await real.asks('hello again')
  for (let n = 0; n < 8; n++) {
    const forged = await client(udp)
    if (n % 2 === 0) await forged.asks(`forged ${n}`)
    else forged.send(`!forged ${n}`)
  }
  await until('the flood to be over', async () => ((await gateway.status()).limits?.['sessions'] ?? 0) === 5)
  await real.asks('still here')
  const rows = (await gateway.rows()).filter(({ method }) => method === 'UDP')
  expect(rows).toHaveLength(5)
  expect(rows.map(({ reason }) => reason)).toEqual(
    Array.from({ length: 5 }, () => 'it gave way to a newer one: this port has 4 sessions, as many as settings.limits.connections allows'),
  )
  expect(gateway.events.filter(({ name }) => name === 'limit')).toHaveLength(1)
})

test('who waits for an answer gives way before who was answered, and the longest silent first', async () => {
  const { gateway, udp } = await setUp({ limits: { connections: 3 } })
  const [answered, waiting] = [await client(udp), await client(udp)]
  await answered.asks('first')
  waiting.send('!unanswered')
  await until('both to be there', async () => (await sessions(gateway)) === 2)
  const [third, fourth] = [await client(udp), await client(udp)]
  await third.asks('third')
  await fourth.asks('fourth')
  const bytes = async () => (await gateway.rows()).map(({ bytesIn }) => bytesIn)
  expect(await bytes()).toEqual(['!unanswered'.length])
  await (await client(udp)).asks('fifth')
  expect(await bytes()).toEqual(['first'.length, '!unanswered'.length])
})

test('what strikes a request is counted and names its setting: rate, body, queue, head, sign-in', async () => {
  const { gateway } = await setUp({}, { rateLimit: { requests: 2, per: '1h' }, maxBody: '5B' })
  expect((await ask(gateway.port, '/', { method: 'POST', body: 'too long' })).status).toBe(413)
  await ask(gateway.port)
  for (let n = 0; n < 3; n++) expect((await ask(gateway.port)).status).toBe(429)
  expect((await ask(gateway.port, '/', { headers: { cookie: 'x'.repeat(40_000) } })).status).toBe(431)
  expect((await gateway.status()).limits).toEqual({ maxBody: 1, rateLimit: 3, headerBytes: 1 })
  const reasons = (await gateway.rows()).map(({ reason }) => reason ?? '').join('\n')
  for (const setting of ['maxBody', 'rateLimit', 'settings.limits.headerBytes']) expect(reasons).toContain(setting)
})

test('strangers at a port for a proxy are told of once each', async () => {
  const { gateway } = await setUp()
  const port = await freePort()
  await gateway.load({ version: 1, listeners: [{ id: 'web', address: '127.0.0.1', port, proxyProtocol: true }] })
  for (let n = 0; n < 5; n++) {
    const socket = await openRaw(port)
    if (!socket.destroyed) await once(socket.resume(), 'close')
  }
  expect((await gateway.status()).limits).toEqual({ proxyHeader: 5 })
  expect(await gateway.rows()).toHaveLength(1)
})
