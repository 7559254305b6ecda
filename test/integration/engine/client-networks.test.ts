import type { Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { hashPassword } from '../../../proxy/host/hash-password'
import { startBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { type Gateway, startGateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

/** A gateway behind a proxy that names its clients by PROXY headers. */
async function setUp(more: Partial<ServiceDocument> = {}, settings: ConfigDocument['settings'] = {}) {
  const backend = await startBackend()
  const gateway = await startGateway()
  onTestFinished(async () => {
    await gateway.stop()
    await backend.stop()
  })
  const port = await freePort()
  await gateway.load({
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port, proxyProtocol: true }],
    services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }], health: { type: 'off' }, ...more }],
    settings: { trustedProxies: ['127.0.0.1'], ...settings },
  })
  const connect = async (client: string, message = ''): Promise<Socket> => {
    const family = client.includes(':') ? `TCP6 ${client} ::1` : `TCP4 ${client} 127.0.0.1`
    const socket = await openRaw(port, `PROXY ${family} 40000 443\r\n${message}`)
    onTestFinished(() => void socket.destroy())
    return socket
  }
  const ask = async (client: string, fields = ''): Promise<number> => {
    const socket = await connect(client, `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${fields}\r\n`)
    return Number(/^HTTP\/1\.1 (\d+)/.exec(await readUntil(socket, (text) => text.includes('\r\n\r\n')))?.[1])
  }
  return { gateway, connect, ask }
}

const wrong = (n: number): string => `Authorization: Basic ${Buffer.from(`anna:wrong ${n}`).toString('base64')}\r\n`
const open = async (gateway: Gateway): Promise<number | undefined> => (await gateway.status()).listeners[0]?.connections

test('twenty addresses of one IPv6 network have as many connections together as one client may have', async () => {
  const { gateway, connect } = await setUp({}, { limits: { connectionsPerClient: 5 } })
  for (let n = 1; n <= 20; n++) await connect(`2001:db8::${n.toString(16)}`)
  await until('those beyond to be closed', async () => (await gateway.status()).limits?.['connectionsPerClient'] === 15)
  expect(await open(gateway)).toBe(5)
  expect((await gateway.rows()).map(({ reason }) => reason)).toEqual([
    '2001:db8::/64 has 5 connections open, as many as settings.limits.connectionsPerClient allows; more are closed at once',
  ])
  // Another network, and IPv4 addresses whichever way they are written, are clients of their own.
  for (const client of ['2001:db8:0:1::1', '192.0.2.1', '::ffff:192.0.2.2']) await connect(client)
  await until('the others to be in', async () => (await open(gateway)) === 8)
})

test('places of a network are free again once its connections are closed', async () => {
  const { gateway, connect, ask } = await setUp({}, { limits: { connectionsPerClient: 2 } })
  const [one, other] = [await connect('2001:db8::1'), await connect('2001:db8::2')]
  await until('both to be in', async () => (await open(gateway)) === 2)
  expect(await ask('2001:db8::3')).toBeNaN()
  one.destroy()
  other.destroy()
  await until('both to be gone', async () => (await open(gateway)) === 0)
  expect(await ask('2001:db8::3')).toBe(200)
})

test('an IPv4 address and the same one mapped into IPv6 have their connections together', async () => {
  const { gateway, connect, ask } = await setUp({}, { limits: { connectionsPerClient: 2 } })
  await connect('192.0.2.1')
  await connect('::ffff:192.0.2.1')
  await until('both to be in', async () => (await open(gateway)) === 2)
  expect(await ask('::ffff:c000:201')).toBeNaN()
})

test('the requests of an IPv6 network count together against a service’s rate limit', async () => {
  const { ask } = await setUp({ rateLimit: { requests: 3, per: '1h' } })
  expect([await ask('2001:db8::1'), await ask('2001:db8::2'), await ask('2001:db8::3'), await ask('2001:db8::4')]).toEqual([
    200, 200, 200, 429,
  ])
  expect(await ask('2001:db8:0:1::1')).toBe(200)
})

test('wrong passwords of an IPv6 network count together', async () => {
  const { ask } = await setUp({ basicAuth: { users: [{ name: 'anna', hash: await hashPassword('right') }] } })
  const answers: number[] = []
  for (let n = 1; n <= 6; n++) answers.push(await ask(`2001:db8::${n}`, wrong(n)))
  expect(answers).toEqual([401, 401, 401, 401, 401, 429])
})

test('an IPv6 network that keeps being refused is blocked as one, is told so, and let in again by its name', async () => {
  const { gateway, ask } = await setUp(
    { access: { rules: [{ action: 'deny', from: '2001:db8::/48' }] } },
    { autoBlock: { enabled: true, refusals: 3, within: '1m', for: '10m' } },
  )
  for (let n = 1; n <= 3; n++) expect(await ask(`2001:db8::${n}`)).toBe(403)
  expect(await ask('2001:db8::4')).toBe(403)
  const [row] = await gateway.rows()
  expect(row).toMatchObject({
    client: '2001:db8::4',
    reason: '2001:db8::4: its network 2001:db8::/64 is blocked for a while, refused 3 times within 60 s (settings.autoBlock)',
  })
  expect(gateway.events.filter(({ name }) => name === 'access').map(({ payload }) => payload)).toEqual([
    expect.objectContaining({ kind: 'blocked', address: '2001:db8::/64' }),
  ])
  expect((await gateway.call('access.counts', {})).automatic.map(({ address, refused }) => [address, refused])).toEqual([
    ['2001:db8::/64', 1],
  ])
  expect(await gateway.call('access.unblock', { address: '2001:db8::/64' })).toEqual({ ended: true })
  expect((await gateway.call('access.counts', {})).automatic).toEqual([])
})
