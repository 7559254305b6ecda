import { scryptSync } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'

let gateway: Gateway
let backend: TestBackend
// A quarter of the cost that AstroRelay's own hashes have: slow enough to queue up, without minutes of work.
const salt = Buffer.from('a salt of sixteen')
const key = scryptSync('geheim', salt, 32, { N: 8_192, r: 8, p: 1 })
const hash = `scrypt$8192$8$1$${salt.toString('base64')}$${key.toString('base64')}`
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})
async function setUp(): Promise<void> {
  backend = await startBackend()
  gateway = await startGateway({ address: '0.0.0.0' })
  const common = { backends: [{ id: 'main', url: backend.url }], health: { type: 'off' as const } }
  await gateway.serve(
    { id: 'one', hosts: ['one.test'], ...common, basicAuth: { users: [{ name: 'anna', hash }] } },
    { id: 'two', hosts: ['two.test'], ...common, basicAuth: { users: [{ name: 'bert', hash }] } },
  )
}
const signIn = async (user: string, password: string, localAddress: string, host = 'one.test'): Promise<number> =>
  (
    await ask(gateway.port, '/', {
      localAddress,
      headers: { Host: host, Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
    })
  ).status
const count = (statuses: readonly number[], status: number): number => statuses.filter((each) => each === status).length

test('sixty guesses at once, at several users and services, are five computations and 429 for the rest', async () => {
  await setUp()
  const statuses = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      signIn(['anna', 'bert', 'nobody'][n % 3] ?? '', `guess ${n}`, '127.0.0.2', n % 2 === 0 ? 'one.test' : 'two.test'),
    ),
  )
  expect([count(statuses, 401), count(statuses, 429)]).toEqual([5, 55])
  expect(await signIn('anna', 'geheim', '127.0.0.2')).toBe(429)
})

test('ninety addresses that guess at once keep neither a known client nor a new one out', async () => {
  await setUp()
  expect(await signIn('anna', 'geheim', '127.0.0.3')).toBe(200)
  const guesses = Promise.all(Array.from({ length: 90 }, (_, n) => signIn('anna', `guess ${n}`, `127.0.1.${n + 1}`)))
  const known = signIn('bert', 'geheim', '127.0.0.3', 'two.test')
  const fresh = signIn('bert', 'geheim', '127.0.0.4', 'two.test')
  expect([await known, await fresh]).toEqual([200, 200])
  expect(count(await guesses, 401)).toBe(90)
})
