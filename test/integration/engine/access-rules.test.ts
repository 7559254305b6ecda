import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway, type GatewayOptions } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { startWsEcho } from '../../support/stream-servers'
import { until } from '../../support/until'

let gateway: Gateway
let backend: TestBackend
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

const document = (service: Partial<ServiceDocument>, more: Partial<ConfigDocument> = {}, address = '0.0.0.0'): ConfigDocument => ({
  version: 1,
  listeners: [{ id: 'web', address, port: gateway.port }],
  services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }], health: { type: 'off' }, ...service }],
  ...more,
})
async function setUp(
  service: Partial<ServiceDocument>,
  more: Partial<ConfigDocument> = {},
  options: GatewayOptions = { address: '0.0.0.0' },
): Promise<void> {
  backend = await startBackend()
  gateway = await startGateway(options)
  await gateway.load(document(service, more, options.address))
}
const from = (localAddress: string, headers: Record<string, string> = {}, host = '127.0.0.1') =>
  ask(gateway.port, '/', { localAddress, headers, host })
const status = (localAddress: string, headers?: Record<string, string>) => from(localAddress, headers).then((answer) => answer.status)
async function whole(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket.setEncoding('latin1')) text += String(chunk)
  return text
}
const through = (client: string) => status('127.0.0.9', { 'X-Forwarded-For': client })
const withHeader = async (header: string, localAddress: string): Promise<string> => {
  const socket = await openRaw(gateway.port, `${header}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, '127.0.0.1', localAddress)
  // One that is cut before it was read is reset.
  return whole(socket).catch(() => '')
}
const listener = (proxyProtocol: boolean): Partial<ConfigDocument> => ({
  listeners: [{ id: 'web', address: '0.0.0.0', port: gateway.port, proxyProtocol }],
  settings: { trustedProxies: ['127.0.0.9'] },
})
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString()

describe('a rule with an end', () => {
  test('lets in until then, and is absent after it without a reload', async () => {
    await setUp({
      access: {
        rules: [
          { action: 'allow', from: '127.0.0.2', until: inMs(1_500) },
          { action: 'allow', from: '127.0.0.1' },
        ],
      },
    })
    expect(await status('127.0.0.2')).toBe(200)
    await until('the rule to end', async () => (await status('127.0.0.2')) === 403)
    expect(await status('127.0.0.1')).toBe(200)
  })

  test('ends the connections that it let in', async () => {
    await setUp({ access: { rules: [{ action: 'allow', from: '127.0.0.2', until: inMs(1_200) }] } })
    const socket = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', '127.0.0.1', '127.0.0.2')
    await readUntil(socket, (text) => text.includes('"url"'))
    await until('the idle connection to be ended', () => socket.destroyed || socket.readableEnded)
  })
})

test('a service that only watches refuses nobody, counts what it would refuse, and marks it in the log', async () => {
  await setUp({ access: { mode: 'watch', rules: [{ action: 'allow', from: '127.0.0.1' }] } })
  expect([await status('127.0.0.1'), await status('127.0.0.2'), await status('127.0.0.2')]).toEqual([200, 200, 200])
  const counts = await gateway.call('access.counts', {})
  expect(counts.services['one']).toMatchObject({ otherwise: { refused: 0, wouldRefuse: 2 } })
  expect((await gateway.rows()).filter(({ rule }) => rule?.startsWith('would be refused'))).toHaveLength(2)
  await gateway.load(document({ access: { rules: [{ action: 'allow', from: '127.0.0.1' }] } }))
  expect(await status('127.0.0.2')).toBe(403)
  expect((await gateway.call('access.counts', {})).services['one']).toMatchObject({ otherwise: { refused: 1, wouldRefuse: 2 } })
})

test('a refused client gets what the service says: a page, nothing of the kind, or no answer', async () => {
  await setUp({ access: { default: 'deny', onDeny: '404' } })
  const absent = await from('127.0.0.1')
  expect(absent.status).toBe(404)
  expect((await gateway.rows())[0]).toMatchObject({ error: 'AR_REFUSED', status: 404, ref: absent.headers['x-request-id'] })
  await gateway.load(document({ access: { default: 'deny', onDeny: 'close' } }))
  await expect(from('127.0.0.1')).rejects.toThrow(/hang up|ECONNRESET/)
  await gateway.load(document({ access: { default: 'deny', onDeny: 403 } }))
  expect(await status('127.0.0.1')).toBe(403)
  expect(backend.seen).toHaveLength(0)
})

test('refusals are counted by rule, and a rule keeps its count when it is moved', async () => {
  const rules = [
    { action: 'deny', from: '127.0.0.2' },
    { action: 'deny', from: '127.0.0.3-127.0.0.4' },
  ] as const
  await setUp({ access: { rules: [...rules] } })
  for (const client of ['127.0.0.2', '127.0.0.3', '127.0.0.4']) await status(client)
  await gateway.load(document({ access: { rules: rules.toReversed() } }))
  expect((await gateway.call('access.counts', {})).services['one']?.rules.map(({ refused }) => refused)).toEqual([2, 1])
})

test('a block with host bits is taken for its network', async () => {
  await setUp({ access: { rules: [{ action: 'allow', from: '127.0.0.9/30' }] } })
  expect([await status('127.0.0.8'), await status('127.0.0.11'), await status('127.0.0.12')]).toEqual([200, 200, 403])
})

describe('open connections of a client that a new rule refuses', () => {
  const denied = { access: { rules: [{ action: 'deny', from: '127.0.0.2' } as const] } }

  test('keep-alive, running answer and WebSocket end within a second, others go on, and the number is told', async () => {
    const echo = await startWsEcho()
    await setUp({}, {})
    const withEcho = (service: Partial<ServiceDocument>): ConfigDocument => {
      const base = document(service)
      return {
        ...base,
        services: [
          ...(base.services ?? []),
          { id: 'echo', hosts: ['echo.test'], backends: [{ id: 'main', url: echo.url }], health: { type: 'off' }, ...service },
        ],
      }
    }
    await gateway.load(withEcho({}))
    const idle = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', '127.0.0.1', '127.0.0.2')
    await readUntil(idle, (text) => text.includes('"url"'))
    const kept = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', '127.0.0.1', '127.0.0.3')
    await readUntil(kept, (text) => text.includes('"url"'))
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/`, { headers: { host: 'echo.test' }, localAddress: '127.0.0.2' })
    const closed = new Promise((resolve) => void socket.once('close', resolve))
    socket.on('error', () => undefined)
    await new Promise((resolve) => void socket.once('open', resolve))
    const result = await gateway.tryLoad(withEcho(denied))
    expect(result).toMatchObject({ ok: true, ended: 2 })
    await closed
    await until('the idle one to end', () => idle.destroyed || idle.readableEnded)
    kept.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await readUntil(kept, (text) => text.includes('"url"'))).toContain('200 OK')
    kept.destroy()
    await echo.stop()
  })

  test('an address on the gateway’s block list loses connections that have not asked for anything yet', async () => {
    await setUp({})
    const quiet = await openRaw(gateway.port, '', '127.0.0.1', '127.0.0.2')
    await until('it to be accepted', async () => (await gateway.status()).listeners[0]?.connections === 1)
    expect(await gateway.tryLoad(document({}, { blocked: [{ from: '127.0.0.2' }] }))).toMatchObject({ ended: 1 })
    await until('it to end', () => quiet.destroyed || quiet.readableEnded)
  })
})

test('closing everything refuses every connection and cuts the running ones, and opening restores', async () => {
  await setUp({})
  const held = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await readUntil(held, (text) => text.includes('"url"'))
  expect(await gateway.tryLoad(document({}, { settings: { closed: true } }))).toMatchObject({ ended: 1 })
  await until('the held one to end', () => held.destroyed || held.readableEnded)
  await expect(from('127.0.0.1')).rejects.toThrow(/hang up|ECONNRESET/)
  expect(await gateway.call('access.test', { service: 'one', address: '127.0.0.1' })).toMatchObject({
    verdict: { decision: 'deny', source: 'closed' },
  })
  await gateway.load(document({}))
  expect(await status('127.0.0.1')).toBe(200)
})

test('requests are limited by client: the burst, then 429 with the time to wait, and nobody else is affected', async () => {
  await setUp({ rateLimit: { requests: 5, per: '10s', burst: 5 } })
  const answers = []
  for (let n = 0; n < 20; n++) answers.push(await from('127.0.0.2'))
  const passed = answers.filter((answer) => answer.status === 200).length
  expect(passed).toBeGreaterThanOrEqual(5)
  expect(passed).toBeLessThanOrEqual(7)
  const limited = answers.filter((answer) => answer.status === 429)
  expect(limited).toHaveLength(20 - passed)
  for (const { headers } of limited) expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1)
  expect(backend.seen).toHaveLength(passed)
  expect(await status('127.0.0.3')).toBe(200)
  expect((await gateway.rows()).find((row) => row.status === 429)?.error).toBe('AR_RATE_LIMITED')
})

describe('a client that keeps being refused', () => {
  const settings = { autoBlock: { enabled: true, refusals: 3, within: '1m', for: '1m' } }

  test('is blocked for a while everywhere, is told of, and can be let in again; this machine’s own address never is', async () => {
    const outside = '198.51.100.7'
    await setUp(
      {
        access: {
          rules: [
            { action: 'deny', from: '198.51.100.0/24' },
            { action: 'deny', from: '127.0.0.2' },
          ],
        },
      },
      { settings: { ...settings, trustedProxies: ['127.0.0.9'] } },
    )
    for (let n = 0; n < 3; n++) expect(await through(outside)).toBe(403)
    await gateway.load(document({}, { settings: { ...settings, trustedProxies: ['127.0.0.9'] } }))
    expect([await through(outside), await through('198.51.100.8')]).toEqual([403, 200])
    expect(gateway.events.find(({ name }) => name === 'access')?.payload).toMatchObject({ kind: 'blocked', address: outside })
    expect((await gateway.call('access.counts', {})).automatic).toMatchObject([{ address: outside, refused: 1 }])
    expect(await gateway.call('access.unblock', { address: outside })).toEqual({ ended: true })
    expect(await through(outside)).toBe(200)
    await gateway.load(document({ access: { rules: [{ action: 'deny', from: '127.0.0.2' }] } }, { settings }))
    for (let n = 0; n < 5; n++) await status('127.0.0.2')
    expect((await gateway.call('access.counts', {})).automatic).toEqual([])
  })
})

describe('a PROXY header', () => {
  test('from a trusted peer names the client, for rules and for the backend; anybody else’s connection is closed', async () => {
    await setUp({})
    await gateway.load(document({ access: { rules: [{ action: 'allow', from: '203.0.113.9' }] } }, listener(true)))
    expect(await withHeader('PROXY TCP4 203.0.113.9 10.0.0.1 5000 80\r\n', '127.0.0.9')).toContain('200 OK')
    expect(backend.seen[0]?.headers['x-forwarded-for']).toBe('203.0.113.9')
    expect(await withHeader('PROXY TCP4 203.0.113.8 10.0.0.1 5000 80\r\n', '127.0.0.9')).toContain('403')
    expect(await withHeader('PROXY TCP4 203.0.113.9 10.0.0.1 5000 80\r\n', '127.0.0.2')).toBe('')
    expect(await withHeader('', '127.0.0.9')).toBe('')
    expect(await withHeader('PROXY TCP4 0203.0.113.9 10.0.0.1 5000 80\r\n', '127.0.0.9')).toBe('')
    expect(await withHeader('PROXY UNKNOWN\r\n', '127.0.0.9')).toContain('403')
    expect(backend.seen).toHaveLength(1)
  })

  test('is no request where the listener does not ask for it, and the switch needs no new socket', async () => {
    await setUp({})
    await gateway.load(document({}, listener(false)))
    expect(await withHeader('PROXY TCP4 203.0.113.9 10.0.0.1 5000 80\r\n', '127.0.0.9')).toContain('400')
    await gateway.load(document({}, listener(true)))
    expect(await withHeader('PROXY TCP4 203.0.113.9 10.0.0.1 5000 80\r\n', '127.0.0.9')).toContain('200 OK')
  })

  test('that goes on to the backend names the client, and never the port of the proxy in front as its own', async () => {
    await setUp({})
    const heard: string[] = []
    const server = createServer((socket) => {
      socket.once('data', (bytes: Buffer) => {
        heard.push(bytes.toString('latin1').split('\r\n')[0] ?? '')
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      })
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    await gateway.load(
      document({ backends: [{ id: 'main', url: `http://127.0.0.1:${port}` }], lockdown: { proxyProtocol: 'v1' } }, listener(true)),
    )
    expect(await withHeader('PROXY TCP4 203.0.113.9 10.0.0.1 5000 80\r\n', '127.0.0.9')).toContain('200 OK')
    expect(heard).toEqual([expect.stringMatching(/^PROXY TCP4 203\.0\.113\.9 127\.0\.0\.1 0 \d+$/)])
  })
})

test('nothing that an untrusted client says of itself changes who it is', async () => {
  await setUp({ access: { rules: [{ action: 'allow', from: '127.0.0.1' }] } })
  for (const name of [
    'X-Forwarded-For',
    'X_Forwarded_For',
    'X-Real-IP',
    'X_Real_IP',
    'Forwarded',
    'CF-Connecting-IP',
    'True-Client-IP',
    'X-Client-IP',
    'X-Original-Forwarded-For',
    'Client-IP',
  ]) {
    const value = name === 'Forwarded' ? 'for=127.0.0.1' : '127.0.0.1'
    expect({ name, status: await status('127.0.0.2', { [name]: value }) }).toEqual({ name, status: 403 })
  }
  expect(backend.seen).toHaveLength(0)
  expect(backend.connections()).toBe(0)
})
