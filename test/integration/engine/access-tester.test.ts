import { type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { seededRandom } from '../../support/fuzz/random'
import { startGateway, type Gateway, type GatewayOptions } from '../../support/gateway'
import { openRaw } from '../../support/raw-client'

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
const asked = async (question: Parameters<typeof gateway.call<'access.test'>>[1]) => {
  const answer = await gateway.call('access.test', question)
  return answer.ok ? answer.verdict : answer.issues
}

test('the tester says what the gateway does, for 10,000 random cases', async () => {
  const random = seededRandom(4)
  const last = (): number => 1 + random.below(24)
  const source = (): string =>
    random.oneIn(3)
      ? `127.0.0.${last()}/${random.pick([28, 29, 30, 31, 32])}`
      : random.oneIn(3)
        ? `127.0.0.${8 + random.below(4)}-127.0.0.${12 + random.below(8)}`
        : random.oneIn(6)
          ? random.pick(['loopback', 'lan', 'anyone', 'this-network'])
          : `127.0.0.${last()}`
  await setUp({})
  let cases = 0
  for (let round = 0; round < 40; round++) {
    const rules = Array.from({ length: random.below(7) }, () => ({ action: random.pick(['allow', 'deny'] as const), from: source() }))
    const blocked = random.oneIn(3) ? [{ from: `127.0.0.${last()}` }] : []
    await gateway.load(
      document({ access: { rules, ...(random.oneIn(2) ? { default: random.pick(['allow', 'deny'] as const) } : {}) } }, { blocked }),
    )
    for (let client = 1; client <= 25; client++) {
      const address = `127.0.0.${client}`
      const verdict = await gateway.call('access.test', { service: 'one', address })
      if (!verdict.ok) expect.fail('no verdict')
      // Ten requests on one connection each: what matters is the verdict, not the hand-shake.
      const answers =
        (
          await whole(
            await openRaw(
              gateway.port,
              `${'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(9)}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
              '127.0.0.1',
              address,
            ),
          )
        ).match(/HTTP\/1\.1 \d+/g) ?? []
      expect({ rules, address, answers: [...new Set(answers)], count: answers.length }).toEqual({
        rules,
        address,
        answers: [verdict.verdict.decision === 'allow' ? 'HTTP/1.1 200' : 'HTTP/1.1 403'],
        count: 10,
      })
      cases += answers.length
    }
  }
  expect(cases).toBe(10_000)
}, 120_000)

test('the tester tells the rule, the service that a host belongs to, and who stands behind a trusted proxy', async () => {
  await setUp(
    { hosts: ['wiki.test'], access: { rules: [{ list: 'partners' }, { action: 'deny', from: '10.0.0.5/24', name: 'old office' }] } },
    { accessLists: [{ id: 'partners', rules: [{ action: 'allow', from: '203.0.113.0/24' }] }], settings: { trustedProxies: ['10.9.9.9'] } },
  )
  expect(await asked({ service: 'one', address: '::ffff:203.0.113.7' })).toMatchObject({
    decision: 'allow',
    source: 'rule',
    client: '203.0.113.7',
    rule: { index: 0, list: 'partners', listIndex: 0, from: '203.0.113.0/24' },
  })
  expect(await asked({ host: 'WIKI.test.', address: '10.0.0.77' })).toMatchObject({
    service: 'one',
    decision: 'deny',
    rule: { index: 1, name: 'old office' },
    notes: ['10.0.0.5/24 means 10.0.0.0/24'],
  })
  expect(await asked({ service: 'one', address: '10.9.9.9', forwardedFor: '1.1.1.1, 203.0.113.9' })).toMatchObject({
    decision: 'allow',
    client: '203.0.113.9',
  })
  expect(await asked({ service: 'one', address: '8.8.8.8' })).toMatchObject({
    decision: 'deny',
    source: 'default',
    rule: null,
    because: 'no rule of the service matches, and everyone else is denied',
  })
  expect(await asked({ service: 'one', address: '010.0.0.1' })).toEqual([
    { path: 'address', message: 'write an IPv4 or IPv6 address, such as 192.168.1.20' },
  ])
  expect(await asked({ service: 'two', address: '8.8.8.8' })).toEqual([{ path: 'service', message: 'there is no service “two”' }])
  const edited = document({ hosts: ['wiki.test'], access: { default: 'allow' } })
  expect(await asked({ service: 'one', address: '8.8.8.8', document: edited })).toMatchObject({ decision: 'allow' })
})

test('whom a document would lock out is known before it is saved: clients of the last hour, and the console’s own address', async () => {
  await setUp({})
  for (const client of ['127.0.0.2', '127.0.0.2', '127.0.0.3']) await status(client)
  const after = document({ access: { rules: [{ action: 'allow', from: '127.0.0.3' }] } })
  const { addresses, total } = await gateway.call('access.impact', { document: after, console: ['127.0.0.1'] })
  expect({
    total,
    addresses: addresses.map(({ address, service, requests, console }) => ({ address, service, requests, console })),
  }).toEqual({
    total: 2,
    addresses: [
      { address: '127.0.0.2', service: 'one', requests: 2, console: false },
      { address: '127.0.0.1', service: 'one', requests: 0, console: true },
    ],
  })
  expect(
    await gateway.call('access.impact', { document: document({ access: { mode: 'watch', default: 'deny' } }), console: ['127.0.0.1'] }),
  ).toEqual({ addresses: [], total: 0, running: 0 })
})
