import type { LookupFunction } from 'node:net'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { ask, type AskOptions } from '../../support/ask'
import { startBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { type Gateway, type GatewayOptions, startGateway } from '../../support/gateway'
import { scriptedBackend } from '../../support/scripted-backend'
import { type SteppedClocks, steppedClocks } from '../../support/stepped-clocks'
import { until } from '../../support/until'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

let clocks: SteppedClocks
beforeEach(() => {
  clocks = steppedClocks()
})

async function start(options?: GatewayOptions): Promise<Gateway> {
  const gateway = await startGateway(options)
  onTestFinished(() => gateway.stop())
  return gateway
}

async function backend(): Promise<string> {
  const started = await startBackend()
  onTestFinished(() => started.stop())
  return started.url
}

/** Null where the answer is cut off: what waits for its end when minutes pass at once is out of time. */
function statusOf(port: number, options?: AskOptions): Promise<number | null> {
  return ask(port, '/', options).then(
    ({ status }) => status,
    () => null,
  )
}

describe.each([
  ['an hour back', -HOUR],
  ['an hour forward', HOUR],
])('when the clock is set %s', (_, jump) => {
  test('a backend that was taken out comes back when its ten seconds are over, neither sooner nor later', async () => {
    const gateway = await start()
    const port = await freePort()
    const backends = [
      { id: 'gone', url: `http://127.0.0.1:${port}` },
      { id: 'there', url: await backend() },
    ]
    await gateway.serve({ id: 'one', health: { type: 'off' }, backends })
    const health = async (): Promise<unknown> => (await gateway.status()).services[0]?.backends[0]?.health
    for (let n = 0; n < 6; n++) expect((await ask(gateway.port)).status).toBe(200)
    expect(await health()).toBe('down')
    clocks.set(jump)
    clocks.pass(8_000)
    expect(await health()).toBe('down')
    clocks.pass(2_000)
    expect(await health()).toBe('unwatched')
    const back = await startBackend({ port })
    onTestFinished(() => back.stop())
    await until('a request at the backend that came back', async () => (await statusOf(gateway.port)) === 200 && back.seen.length > 0)
  })

  test('a name that was not found is asked for again a second later, and one that is known for five seconds goes on', async () => {
    let asked = 0
    let known = false
    const lookup: LookupFunction = (host, __, done) => {
      if (host !== 'app.test') return done(null, [])
      asked += 1
      if (known) done(null, [{ address: '127.0.0.1', family: 4 }])
      else done(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), [])
    }
    const gateway = await start({ lookup })
    const { port } = new URL(await backend())
    await gateway.serve({ id: 'one', health: { type: 'off' }, backends: [{ id: 'a', url: `http://app.test:${port}` }] })
    expect((await ask(gateway.port)).status).toBe(502)
    clocks.set(jump)
    known = true
    clocks.pass(1_000)
    await until('the name to be found', async () => (await statusOf(gateway.port)) === 200)
    const before = asked
    known = false
    clocks.set(jump)
    clocks.pass(3_000)
    expect((await ask(gateway.port)).status).toBe(200)
    expect(asked).toBe(before)
  })

  test('a block for a while ends when that is over, and its end is told by the clock as it is set now', async () => {
    const settings = { autoBlock: { enabled: true, refusals: 3, within: '1m', for: '10m' }, trustedProxies: ['127.0.0.1'] }
    const gateway = await start({ settings })
    const url = await backend()
    const document = (deny: readonly string[]) => ({
      id: 'one',
      health: { type: 'off' as const },
      backends: [{ id: 'a', url }],
      access: { rules: deny.map((from) => ({ action: 'deny' as const, from })) },
    })
    const headers = { 'x-forwarded-for': '203.0.113.9' }
    const visit = () => until('an answer', () => statusOf(gateway.port, { headers }))
    await gateway.serve(document(['203.0.113.9']))
    expect([await visit(), await visit(), await visit()]).toEqual([403, 403, 403])
    await gateway.serve(document([]))
    expect(await visit()).toBe(403)
    clocks.set(jump)
    const told = (await gateway.call('access.counts', {})).automatic[0]?.until ?? 0
    expect(Math.round((told - Date.now()) / MINUTE)).toBe(10)
    clocks.pass(9 * MINUTE)
    expect(await visit()).toBe(403)
    clocks.pass(MINUTE)
    await until('it to be let in', async () => (await visit()) === 200)
  })

  test('requests and passwords are counted on: who has used up its share gets more in time', async () => {
    const gateway = await start()
    const backends = [{ id: 'a', url: await backend() }]
    const hash = 'scrypt$1024$8$1$c2FsdHNhbHRzYWx0$a2V5a2V5a2V5a2V5a2V5a2V5'
    await gateway.serve(
      { id: 'limited', health: { type: 'off' }, backends, rateLimit: { requests: 1, per: '1h', burst: 1 } },
      { id: 'closed', hosts: ['closed.test'], health: { type: 'off' }, backends, basicAuth: { users: [{ name: 'anna', hash }] } },
    )
    const limited = () => until('an answer', () => statusOf(gateway.port))
    const headers = { host: 'closed.test', authorization: `Basic ${btoa('anna:wrong')}` }
    const closed = () => until('an answer', () => statusOf(gateway.port, { headers }))
    expect([await limited(), await limited()]).toEqual([200, 429])
    for (let n = 0; n < 5; n++) expect(await closed()).toBe(401)
    expect(await closed()).toBe(429)
    clocks.set(jump)
    clocks.pass(MINUTE / 2)
    expect([await limited(), await closed()]).toEqual([429, 429])
    clocks.pass(MINUTE / 2)
    expect([await limited(), await closed()]).toEqual([429, 401])
    // A request that is cut off for the minutes that pass at once has used up its share as well.
    await until('its share to be there again', () => {
      clocks.pass(HOUR)
      return limited().then((status) => status === 200)
    })
  })

  test('a draining backend keeps its visitors for as long as it was to, and is told of when that is over', async () => {
    const gateway = await start()
    const held = await scriptedBackend(() => undefined)
    const other = { id: 'b', url: await backend() }
    const serve = (state: 'active' | 'draining') =>
      gateway.serve({
        id: 'one',
        health: { type: 'off' },
        backends: [{ id: 'a', url: held.url, state }, ...(state === 'active' ? [] : [other])],
        timeouts: { drain: '10m', response: '30m' },
      })
    await serve('active')
    const waiting = ask(gateway.port).catch(() => null)
    await until('the request at the backend', () => held.got.length > 0)
    await serve('draining')
    clocks.set(jump)
    clocks.pass(9 * MINUTE)
    const drain = (await gateway.status()).services[0]?.backends[0]?.drain
    expect(Math.round(((drain?.until ?? 0) - Date.now()) / MINUTE)).toBe(1)
    const ticks = (): number => gateway.events.filter(({ name }) => name === 'tick').length
    const before = ticks()
    await until('two more seconds’ numbers', () => ticks() >= before + 2)
    expect(gateway.events.filter(({ name }) => name === 'drained')).toEqual([])
    clocks.pass(MINUTE)
    const told = await until('its drain to be over', () => gateway.events.find(({ name }) => name === 'drained'))
    expect(told.payload).toMatchObject({ backend: 'a', reason: 'its time is over; 1 request runs to the end' })
    await gateway.stop()
    await waiting
  })
})

test('what ends at a date ends at that date, by the clock as it is set', async () => {
  const gateway = await start()
  const end = new Date(Date.now() + HOUR / 2).toISOString()
  await gateway.serve({
    id: 'one',
    health: { type: 'off' },
    backends: [{ id: 'a', url: await backend() }],
    access: { rules: [{ action: 'allow', from: '127.0.0.1', until: end }], default: 'deny' },
  })
  expect((await ask(gateway.port)).status).toBe(200)
  clocks.set(HOUR)
  expect((await ask(gateway.port)).status).toBe(403)
  clocks.set(-HOUR)
  expect((await ask(gateway.port)).status).toBe(200)
})
