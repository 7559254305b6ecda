import { afterEach, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { turnsDuring, watch } from '../../support/turns-during'

const MANY = 300_000
const COUNT = 100_000

let gateway: Gateway
let backend: TestBackend
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

/** As many networks as a threat list has, none of them of loopback. */
const networks = (first = 0, count = COUNT) =>
  Array.from({ length: count }, (_, n) => ({
    from: `${1 + ((n + first) >> 16)}.${((n + first) >> 8) & 255}.${(n + first) & 255}.0/24`,
    reason: 'list',
  }))

async function setUp() {
  backend = await startBackend()
  gateway = await startGateway()
  const document = (more: object) => ({
    version: 1 as const,
    listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port }],
    services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }] }],
    ...more,
  })
  await gateway.load(document({}))
  const from = (localAddress: string) => ask(gateway.port, '/', { localAddress }).then(({ status }) => status)
  return { document, from }
}

test('while 300,000 blocked networks are loaded the gateway turns on: visitors are answered, by the rules before and then by the new ones', async () => {
  const { document, from } = await setUp()
  const loading = gateway.load(document({ blocked: [...networks(0, MANY), { from: '127.0.0.2-127.0.0.4' }] }))
  const { done, isOver } = watch(loading)
  let answered = 0
  while (!isOver()) if ((await from('127.0.0.9')) === 200) answered++
  await done
  // In one go it would be none, or the one that came before.
  expect(answered).toBeGreaterThan(3)
  expect(await Promise.all(['127.0.0.1', '127.0.0.2', '127.0.0.4', '127.0.0.5'].map(from))).toEqual([200, 403, 403, 200])
})

test('asking what such lists would do keeps nobody waiting either, and is answered truly at every border', async () => {
  const { document } = await setUp()
  await expect(
    gateway.tryLoad(
      document({
        blocked: networks(),
        services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }], access: { rules: [{ list: 'far' }] } }],
        accessLists: [{ id: 'far', rules: networks(COUNT).map(({ from }) => ({ action: 'deny', from })) }],
      }),
    ),
  ).resolves.toMatchObject({ ok: true })
  const test = (address: string, more: object = {}) =>
    gateway
      .call('access.test', { service: 'one', address, ...more })
      .then((answer) =>
        answer.ok ? `${answer.verdict.decision} ${answer.verdict.source} ${answer.verdict.rule?.listIndex ?? ''}` : 'refused',
      )
  // The blocked networks end with 2.134.159.0/24; the list’s begin behind it.
  expect(
    await Promise.all(
      ['0.255.255.255', '1.0.0.0', '2.134.159.255', '2.134.160.0', '4.13.63.255', '4.13.64.0'].map((address) => test(address)),
    ),
  ).toEqual(['allow default ', 'deny blocked ', 'deny blocked ', 'deny rule 0', 'deny rule 99999', 'allow default '])
  const other = document({ blocked: [...networks(7), { from: '127.0.0.1' }] })
  const { result, turns } = await turnsDuring(
    Promise.all([test('127.0.0.1', { document: other }), gateway.call('access.impact', { document: other, console: ['127.0.0.1'] })]),
  )
  expect(result[0]).toBe('deny blocked ')
  expect(result[1].addresses).toMatchObject([{ address: '127.0.0.1', service: 'one', console: true }])
  expect(turns).toBeGreaterThan(10)
})

test('refusals by long lists are told as far as there are any, and reading them makes none', async () => {
  const { document, from } = await setUp()
  const rules = [...networks().slice(0, 4_000), { from: '127.0.0.3' }, ...networks()].map(({ from: network }) => ({
    action: 'deny' as const,
    from: network,
  }))
  await gateway.load(
    document({
      blocked: [{ from: '127.0.0.2' }, ...networks()],
      services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }], access: { rules: [{ list: 'far' }] } }],
      accessLists: [{ id: 'far', rules }],
    }),
  )
  expect(await gateway.call('access.counts', {})).toMatchObject({ blocked: [], lists: { far: [] } })
  await from('127.0.0.2')
  await from('127.0.0.3')
  const counts = await gateway.call('access.counts', {})
  expect(counts.blocked).toEqual([1])
  expect([counts.lists['far']?.length, counts.lists['far']?.at(-1)]).toEqual([4_001, { refused: 1, wouldRefuse: 0 }])
  expect(counts.services['one']?.rules).toEqual([{ refused: 1, wouldRefuse: 0 }])
})
