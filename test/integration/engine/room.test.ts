import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { until } from '../../support/until'

type BackendDocument = NonNullable<ServiceDocument['backends']>[number]

/** Requests that wait in line are offered room by everything that makes some. */
let gateway: Gateway
let a: TestBackend
let b: TestBackend
let held: ServerResponse[] = []
beforeEach(async () => {
  held = []
  gateway = await startGateway()
  a = await startBackend({ name: 'a', handler: (_, response) => void held.push(response) })
  b = await startBackend({
    name: 'b',
    handler: (request, response) => void (request.url === '/health' ? response.end() : response.end('b')),
  })
})
afterEach(async () => {
  for (const response of held) response.end()
  await gateway.stop()
  await Promise.all([a.stop(), b.stop()])
})

const queue = { length: 5, wait: '25s' }
const first = (more: Partial<BackendDocument> = {}): BackendDocument => ({ id: 'a', url: a.url, maxConnections: 1, ...more })
const second = (more: Partial<BackendDocument> = {}): BackendDocument => ({ id: 'b', url: b.url, ...more })
const one = (backends: BackendDocument[], more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  id: 'one',
  queue,
  health: { type: 'off' },
  backends,
  ...more,
})

/** One request runs on a, another waits. */
async function oneWaits(...services: ServiceDocument[]): Promise<{ readonly answer: Promise<string> }> {
  await gateway.serve(...services)
  void ask(gateway.port).catch(() => undefined)
  await until('one to run', () => held.length === 1)
  const answer = ask(gateway.port).then(({ status, text }) => `${status} ${text}`)
  await until('another to wait', async () => (await gateway.status()).services[0]?.traffic.inFlight === 2)
  return { answer }
}

describe('a request that waits in line goes on at once', () => {
  test('when a backend is activated, added or taken back by a save', async () => {
    for (const before of [[second({ state: 'maintenance' })], [second({ state: 'draining' })], []]) {
      held = []
      const { answer } = await oneWaits(one([first(), ...before]))
      await gateway.serve(one([first(), second()]))
      expect(await answer, JSON.stringify(before)).toBe('200 b')
      for (const response of held) response.end()
      await until('the first to end', async () => (await gateway.status()).services[0]?.traffic.inFlight === 0)
    }
  })

  test('when a backend that was down is found well again', async () => {
    await b.stop()
    const health = { type: 'http' as const, path: '/health', interval: '1s', timeout: '1s', rise: 1, fall: 1 }
    a = await startBackend({
      name: 'a',
      handler: (request, response) => void (request.url === '/health' ? response.end() : held.push(response)),
    })
    await gateway.serve(one([first(), second()], { health }))
    await until('b to be found down', async () => (await gateway.status()).services[0]?.backends[1]?.health === 'down')
    const { answer } = await oneWaits(one([first(), second()], { health }))
    b = await startBackend({ port: b.port, handler: (_, response) => void response.end('b') })
    expect(await answer).toBe('200 b')
  })
})

test('a request that waits gets nothing of a backend that was taken out meanwhile, and is told when none is left', async () => {
  const { answer } = await oneWaits(one([first()]))
  await gateway.serve(one([first({ state: 'maintenance' })]))
  expect(await answer).toMatch(/^503 /)
  expect(a.seen).toHaveLength(1)
})

test('a request that waits for a service that is deleted or switched off may end by the rules it came under, if that takes less than a second', async () => {
  const { answer } = await oneWaits(one([first()]))
  const saved = gateway.serve({ id: 'two', backends: [second()] })
  await until('the service to be gone', async () => (await gateway.status()).services[0]?.id === 'two')
  held[0]?.end('a')
  await until('it to have its turn', () => held.length === 2)
  held[1]?.end('later')
  expect(await answer).toBe('200 later')
  await saved
})
