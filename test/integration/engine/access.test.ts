import { afterEach, describe, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway, type GatewayOptions } from '../../support/gateway'
import { openRaw } from '../../support/raw-client'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import type { ConfigDocument } from '../../../proxy/contract/config/document'

let gateway: Gateway
let backend: TestBackend
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})
async function setUp(access: ServiceDocument['access'], options: GatewayOptions = {}, more: Partial<ConfigDocument> = {}): Promise<void> {
  backend = await startBackend()
  gateway = await startGateway(options)
  await gateway.load({
    version: 1,
    listeners: [{ id: 'web', address: options.address ?? '127.0.0.1', port: gateway.port }],
    services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }], ...(access ? { access } : {}) }],
    ...more,
  })
}
const from = (localAddress: string, headers: Record<string, string> = {}, host = '127.0.0.1') =>
  ask(gateway.port, '/', { localAddress, headers, host }).then(({ status }) => status)

describe.each(['0.0.0.0', '::'])('over a listener on %s', (address) => {
  test('an allow list lets in whom it names and nobody else', async () => {
    await setUp({ rules: [{ action: 'allow', from: '127.0.0.1' }] }, { address })
    expect([await from('127.0.0.1'), await from('127.0.0.2')]).toEqual([200, 403])
    expect(backend.seen).toHaveLength(1)
  })

  test('the first rule that matches decides, and the request log names it', async () => {
    await setUp(
      {
        rules: [
          { action: 'deny', from: '127.0.0.2/32' },
          { action: 'allow', from: '127.0.0.0/8' },
        ],
      },
      { address },
    )
    expect([await from('127.0.0.1'), await from('127.0.0.2'), await from('127.0.0.3')]).toEqual([200, 403, 200])
    expect((await gateway.rows()).find(({ status }) => status === 403)?.reason).toBe('127.0.0.2: rule 1 (deny 127.0.0.2/32)')
  })
})

test('IPv6 clients meet the same rules, and "anyone" means both families', async () => {
  await setUp(
    {
      rules: [
        { action: 'deny', from: '::1' },
        { action: 'allow', from: 'anyone' },
      ],
    },
    { address: '::' },
  )
  expect([await from('::1', {}, '::1'), await from('127.0.0.1')]).toEqual([403, 200])
  await gateway.stop()
  await backend.stop()
  await setUp({ rules: [{ action: 'deny', from: 'anyone' }] }, { address: '::' })
  expect([await from('::1', {}, '::1'), await from('127.0.0.1')]).toEqual([403, 403])
})

test('no header a client sends changes the verdict', async () => {
  await setUp({ rules: [{ action: 'allow', from: '127.0.0.1' }] }, { address: '0.0.0.0' })
  const forged = { 'X-Forwarded-For': '127.0.0.1', 'X-Real-IP': '127.0.0.1', Forwarded: 'for=127.0.0.1', 'CF-Connecting-IP': '127.0.0.1' }
  expect([await from('127.0.0.2', forged), await from('127.0.0.1', { 'X-Forwarded-For': '203.0.113.9' })]).toEqual([403, 200])
})

test('the machine’s own networks are "this network", loopback among them', async () => {
  await setUp({ rules: [{ action: 'allow', from: 'this-network' }] }, { address: '0.0.0.0' })
  expect([await from('127.0.0.1'), await from('127.0.0.9')]).toEqual([200, 200])
})

test('a shared list stands where a rule names it', async () => {
  await setUp(
    { rules: [{ action: 'deny', from: '127.0.0.3' }, { list: 'partners' }] },
    { address: '0.0.0.0' },
    { accessLists: [{ id: 'partners', rules: [{ action: 'allow', from: '127.0.0.2-127.0.0.4' }] }] },
  )
  expect([await from('127.0.0.2'), await from('127.0.0.3'), await from('127.0.0.4'), await from('127.0.0.5')]).toEqual([200, 403, 200, 403])
})

test('the gateway’s block list goes before a service’s rules and ends by itself', async () => {
  await setUp(
    { rules: [{ action: 'allow', from: 'anyone' }] },
    { address: '0.0.0.0' },
    {
      blocked: [
        { from: '127.0.0.2', reason: 'scanner' },
        { from: '127.0.0.3', until: '2001-01-01T00:00:00Z' },
      ],
    },
  )
  expect([await from('127.0.0.1'), await from('127.0.0.2'), await from('127.0.0.3')]).toEqual([200, 403, 200])
  expect((await gateway.rows()).find(({ client }) => client === '127.0.0.2')).toMatchObject({
    error: 'AR_REFUSED',
    reason: '127.0.0.2: the address is blocked: scanner',
    backend: null,
    attempts: 0,
  })
})

test('a change of the rules acts on the next request', async () => {
  await setUp(undefined)
  expect(await from('127.0.0.1')).toBe(200)
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backend.url }], access: { rules: [], default: 'deny' } })
  expect(await from('127.0.0.1')).toBe(403)
})

test('one client cannot take every connection', async () => {
  await setUp(undefined, { address: '0.0.0.0' }, { settings: { limits: { connectionsPerClient: 2 } } })
  const held = [await openRaw(gateway.port), await openRaw(gateway.port)]
  await expect(from('127.0.0.1')).rejects.toThrow(/hang up|ECONNRESET/)
  expect(await from('127.0.0.2')).toBe(200)
  for (const socket of held) socket.destroy()
})

test('a trusted proxy stands for many clients and may have more connections than one', async () => {
  await setUp(undefined, { address: '0.0.0.0' }, { settings: { limits: { connectionsPerClient: 2 }, trustedProxies: ['127.0.0.7'] } })
  const held = await Promise.all([1, 2, 3].map(() => openRaw(gateway.port, '', '127.0.0.1', '127.0.0.7')))
  expect(await from('127.0.0.7')).toBe(200)
  for (const socket of held) socket.destroy()
})
