import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask, askEcho } from '../../support/ask'
import { startBackend, type BackendHandler, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { until } from '../../support/until'

let gateway: Gateway
let backends: TestBackend[] = []
const QUICK = { interval: '1s', timeout: '500ms', rise: 1, fall: 1 }
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(async () => {
  await gateway.stop()
  await Promise.all(backends.map((backend) => backend.stop()))
  backends = []
})
async function start(name: string, handler?: BackendHandler, port?: number): Promise<TestBackend> {
  const backend = await startBackend({ name, ...(handler ? { handler } : {}), ...(port === undefined ? {} : { port }) })
  backends.push(backend)
  return backend
}
const serve = (list: Record<string, TestBackend>, service: Partial<ServiceDocument> = {}, roles: Record<string, 'backup'> = {}) =>
  gateway.serve({
    id: 'one',
    ...service,
    backends: Object.entries(list).map(([id, { url }]) => ({ id, url, ...(roles[id] ? { role: roles[id] } : {}) })),
  })
const names = async (times: number): Promise<string[]> => {
  const found: string[] = []
  for (let n = 0; n < times; n++) found.push((await askEcho(gateway.port)).name)
  return found
}
const health = async (id: string) => (await gateway.status()).services[0]?.backends.find((backend) => backend.id === id)

test('three equal backends get exactly a third each', async () => {
  await serve({ a: await start('a'), b: await start('b'), c: await start('c') })
  const found = await names(30)
  expect(['a', 'b', 'c'].map((name) => found.filter((one) => one === name).length)).toEqual([10, 10, 10])
})

test('running requests count to the end of the body, so new ones go to the free backend', async () => {
  const held: (() => void)[] = []
  const a = await start('a', (_, response) => {
    response.writeHead(200)
    response.write('x')
    held.push(() => void response.end())
  })
  await serve({ a, b: await start('b') }, { balance: { policy: 'least-connections' } })
  const slow = ask(gateway.port)
  await until('the slow request to run', () => held.length === 1)
  expect(new Set(await names(5))).toEqual(new Set(['b']))
  for (const release of held) release()
  await slow
})

test('a backup is used only while no primary is, and no client notices the change', async () => {
  const a = await start('a')
  await serve({ a, spare: await start('spare') }, { health: QUICK }, { spare: 'backup' })
  expect(new Set(await names(4))).toEqual(new Set(['a']))
  await a.stop()
  expect(new Set(await names(4))).toEqual(new Set(['spare']))
  await until('the primary to be found down', async () => (await health('a'))?.health === 'down')
  expect((await gateway.status()).services[0]).toMatchObject({ state: 'attention', reason: 'a: connection refused' })
  await start('a', undefined, a.port)
  await until('the primary to be back', async () => (await health('a'))?.health === 'up')
  expect(new Set(await names(4))).toEqual(new Set(['a']))
  const told = gateway.events.flatMap(({ name, payload }) =>
    name === 'health' && 'backend' in payload && typeof payload.backend !== 'string' && payload.backend?.id === 'a'
      ? [payload.backend.health]
      : [],
  )
  expect(told).toEqual(['up', 'down', 'up'])
})

test('an http check takes out a backend that answers with an error though its port is open', async () => {
  const answers = { status: 500 }
  const a = await start(
    'a',
    (request, response) => void response.writeHead(request.url === '/health' ? answers.status : 200).end('{"name":"a"}'),
  )
  await serve({ a, b: await start('b') }, { health: { ...QUICK, type: 'http', path: '/health' } })
  await until('it to be found down', async () => (await health('a'))?.health === 'down')
  expect((await health('a'))?.reason).toBe('answered 500, expected 200–399')
  expect(new Set(await names(4))).toEqual(new Set(['b']))
  answers.status = 302
  await until('it to be back: a redirect is healthy and not followed', async () => (await health('a'))?.health === 'up')
  expect((await gateway.status()).services[0]?.traffic.requests).toBe(4)
})

test('the only backend is never taken out by its own checks', async () => {
  const a = await start('a', (request, response) => void response.writeHead(request.url === '/health' ? 500 : 200).end('{"name":"a"}'))
  await serve({ a }, { health: { ...QUICK, type: 'http', path: '/health' } })
  await until('it to be found down', async () => (await health('a'))?.health === 'down')
  expect((await gateway.status()).services[0]?.state).toBe('down')
  expect(await names(2)).toEqual(['a', 'a'])
})

test('without checks, three failed connections leave a backend alone for a while', async () => {
  const a = await start('a')
  await a.stop()
  await serve({ a, b: await start('b') }, { health: { type: 'off' } })
  expect(new Set(await names(12))).toEqual(new Set(['b']))
  expect(await health('a')).toMatchObject({ health: 'down', reason: 'connection refused', requests: 3, failed: 3 })
})

test('live numbers come once a second and agree with what was asked', async () => {
  await serve({ a: await start('a') })
  await names(20)
  await ask(gateway.port, '/', { method: 'POST', body: 'x'.repeat(100), headers: { 'Content-Length': 100 } })
  const tick = await until('a tick', () =>
    gateway.events.find(
      ({ name, payload }) => name === 'tick' && 'services' in payload && payload.services.some(({ traffic }) => traffic.requests === 21),
    ),
  )
  expect(tick.payload).toMatchObject({
    services: [{ id: 'one', traffic: { answers: [0, 21, 0, 0, 0], bytesIn: 100, inFlight: 0, failed: 0 } }],
  })
})
