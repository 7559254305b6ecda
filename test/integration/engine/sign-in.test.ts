import { request } from 'node:http'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { hashPassword } from '../../../proxy/host/hash-password'
import { ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

let gateway: Gateway
let backend: TestBackend
let hash: string
beforeAll(async () => {
  hash = await hashPassword('geheim')
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})
async function setUp(service: Partial<ServiceDocument> = {}): Promise<void> {
  backend = await startBackend()
  gateway = await startGateway({ address: '0.0.0.0' })
  await gateway.serve({
    id: 'one',
    name: 'Office wiki',
    backends: [{ id: 'main', url: backend.url }],
    health: { type: 'off' },
    basicAuth: { users: [{ name: 'anna', hash }] },
    ...service,
  })
}
const basic = (user: string, password: string): Record<string, string> => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
const get = (headers: Record<string, string> = {}, localAddress = '127.0.0.1') => ask(gateway.port, '/', { headers, localAddress })

test('without a name and a password nobody gets in; with them the backend is asked, and does not see them', async () => {
  await setUp()
  const asked = await get()
  expect([asked.status, asked.headers['www-authenticate']]).toEqual([401, 'Basic realm="Office wiki", charset="UTF-8"'])
  expect((await get(basic('anna', 'falsch'))).status).toBe(401)
  expect((await get(basic('bert', 'geheim'))).status).toBe(401)
  expect(backend.connections()).toBe(0)
  for (let n = 0; n < 2; n++) expect((await get(basic('anna', 'geheim'))).status).toBe(200)
  expect(backend.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
  expect((await gateway.rows()).filter(({ error }) => error === 'AR_SIGN_IN')).toHaveLength(3)
  expect(JSON.stringify(await gateway.rows())).not.toContain('geheim')
  expect(JSON.stringify(await gateway.rows())).not.toContain('falsch')
})

test('an upload waits for its password, and arrives whole', async () => {
  await setUp()
  const body = 'x'.repeat(300_000)
  const answer = await ask(gateway.port, '/', { method: 'POST', body, headers: basic('anna', 'geheim') })
  expect([answer.status, JSON.parse(answer.text).bodyBytes]).toEqual([200, 300_000])
})

const open = (headers: Record<string, string>): Promise<number> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/`, { headers })
    socket.on('unexpected-response', (_, answer) => resolve(answer.statusCode ?? 0))
    socket.on('error', () => undefined)
  })

test('a WebSocket needs the password too', async () => {
  await setUp()
  expect(await open({})).toBe(401)
})

test('after five failed sign-ins a client has to wait, whatever it sends; another one does not', async () => {
  await setUp()
  for (let n = 0; n < 5; n++) expect((await get(basic('anna', `falsch ${n}`), '127.0.0.2')).status).toBe(401)
  const waiting = await get(basic('anna', 'geheim'), '127.0.0.2')
  expect(waiting.status).toBe(429)
  expect(Number(waiting.headers['retry-after'])).toBeGreaterThan(0)
  expect((await get(basic('anna', 'geheim'), '127.0.0.3')).status).toBe(200)
  expect((await gateway.call('access.counts', {})).services['one']?.failedSignIns).toBe(5)
})

test('list or password: whom the rules let in needs none, and a password lets in anybody else', async () => {
  await setUp({ access: { satisfy: 'any', rules: [{ action: 'allow', from: '127.0.0.1' }] } })
  expect((await get()).status).toBe(200)
  expect((await get({}, '127.0.0.2')).status).toBe(401)
  expect((await get(basic('anna', 'geheim'), '127.0.0.2')).status).toBe(200)
  // A password that the gateway did not ask for is the backend's.
  await get({ Authorization: 'Bearer own' })
  expect(backend.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined, 'Bearer own'])
})

test('list and password: a client needs both', async () => {
  await setUp({ access: { rules: [{ action: 'allow', from: '127.0.0.1' }] } })
  expect([
    (await get()).status,
    (await get(basic('anna', 'geheim'))).status,
    (await get(basic('anna', 'geheim'), '127.0.0.2')).status,
  ]).toEqual([401, 200, 403])
})

test('a client that leaves while its password is looked at leaves nothing behind', async () => {
  await setUp()
  for (let n = 0; n < 8; n++) {
    const socket = await openRaw(
      gateway.port,
      `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: ${basic('anna', `geheim${n}`)['Authorization'] ?? ''}\r\n\r\n`,
    )
    socket.destroy()
  }
  await until(
    'all to be over',
    async () => (await gateway.rows()).length === 8 && (await gateway.status()).services[0]?.traffic.inFlight === 0,
  )
  expect(backend.connections()).toBe(0)
})

test('list or password: whose password is being looked at is not cut by a save in between', async () => {
  const service: Partial<ServiceDocument> = { access: { satisfy: 'any', rules: [{ action: 'allow', from: '192.0.2.1' }] } }
  await setUp(service)
  const socket = await openRaw(
    gateway.port,
    `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: ${basic('anna', 'geheim')['Authorization'] ?? ''}\r\n\r\n`,
  )
  const answer = readUntil(socket, (text) => text.includes('\r\n\r\n'))
  await until('the request', async () => (await gateway.status()).services[0]?.traffic.inFlight === 1)
  await gateway.serve({
    id: 'one',
    backends: [{ id: 'main', url: backend.url }],
    health: { type: 'off' },
    basicAuth: { users: [{ name: 'anna', hash }] },
    ...service,
  })
  expect((await gateway.status()).services[0]?.traffic.inFlight).toBe(1)
  expect(await answer).toMatch(/^HTTP\/1\.1 200 /)
  socket.destroy()
})

test('requests behind one that waits for its password are answered in order', async () => {
  await setUp()
  const authorization = basic('anna', 'geheim')['Authorization'] ?? ''
  const socket = await openRaw(
    gateway.port,
    `GET /1 HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`,
  )
  const text = await readUntil(socket, (all) => all.includes('"/3"'))
  expect(text.match(/HTTP\/1\.1 \d+|"\/\d"/g)).toEqual(['HTTP/1.1 200', '"/1"', 'HTTP/1.1 401', 'HTTP/1.1 200', '"/3"'])
  socket.destroy()
})

/** What signing in so many times costs the processor, on all threads: what else the machine does meanwhile does not count. */
async function workOf(times: number): Promise<number> {
  const before = process.cpuUsage()
  for (let n = 0; n < times; n++) expect((await get(basic('anna', 'geheim'))).status).toBe(200)
  const { user, system } = process.cpuUsage(before)
  return user + system
}

test('a keep-alive client signs in again and again without another computation', async () => {
  await setUp()
  const first = await workOf(1)
  // Twenty computations would take twenty times the work of the first.
  expect((await workOf(20)) / 20).toBeLessThan(first)
  request({ host: '127.0.0.1', port: gateway.port })
    .on('error', () => undefined)
    .destroy()
})

const preflight = { Origin: 'https://app.test', 'Access-Control-Request-Method': 'PUT' }
const options = (headers: Record<string, string> = preflight, more: { method?: string; body?: string; localAddress?: string } = {}) =>
  ask(gateway.port, '/', { method: 'OPTIONS', headers, ...more }).then(({ status }) => status)
const letting = (): Partial<ServiceDocument> => ({ basicAuth: { users: [{ name: 'anna', hash }], letPreflight: true } })

test('what a browser asks before a request to another origin needs a sign-in like all else, until the service says otherwise', async () => {
  await setUp()
  expect(await options()).toBe(401)
  expect(backend.seen).toEqual([])
})

test('a preflight is let past the sign-in where the service says so, and nothing that merely looks like one', async () => {
  await setUp(letting())
  expect(await options()).toBe(200)
  expect(backend.seen.map(({ method, headers }) => [method, headers['access-control-request-method']])).toEqual([['OPTIONS', 'PUT']])
  const { Origin, ...noOrigin } = preflight
  expect([
    await options({}),
    await options(noOrigin),
    await options({ Origin }),
    await options({ ...preflight, Origin: '' }),
    await options({ ...preflight, 'Access-Control-Request-Method': '' }),
    await options({ ...preflight, ...basic('anna', 'falsch') }),
    await options({ ...preflight, 'Content-Length': '6' }, { body: 'a body' }),
    await options(preflight, { method: 'GET' }),
    await options(preflight, { method: 'PUT' }),
  ]).toEqual(Array.from({ length: 9 }, () => 401))
  expect(backend.seen).toHaveLength(1)
})

test('a preflight gets past no access rule, neither beside the sign-in nor in place of it', async () => {
  const rules = [{ action: 'allow' as const, from: '127.0.0.1' }]
  await setUp({ ...letting(), access: { rules } })
  expect([await options(), await options(preflight, { localAddress: '127.0.0.2' })]).toEqual([200, 403])
  await gateway.serve({
    id: 'one',
    backends: [{ id: 'main', url: backend.url }],
    health: { type: 'off' },
    ...letting(),
    access: { rules, satisfy: 'any' },
  })
  expect([await options(), await options(preflight, { localAddress: '127.0.0.2' })]).toEqual([200, 401])
  expect(backend.seen).toHaveLength(2)
})
