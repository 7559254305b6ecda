import { scryptSync } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { startGateway } from '../../support/gateway'
import { inFlight, setStage, told, type Saved, type Stage, type StageOptions } from '../../support/matrix/stage'
import { openRaw } from '../../support/raw-client'
import { until } from '../../support/until'

/**
 * Whatever runs is judged anew whenever what let it in has changed: it ends in the turn of the save or, where its service is
 * gone and it is a request that may end by itself, within a second; it is counted and told of.
 */
function hashOf(password: string, cost = 1_024): string {
  const salt = Buffer.from('sixteen bytes...')
  const key = scryptSync(password, salt, 32, { N: cost, r: 8, p: 1, maxmem: 512 * 1024 ** 2 })
  return `scrypt$${cost}$8$1$${salt.toString('base64')}$${key.toString('base64')}`
}
const signIn = (name: string): string => `Authorization: Basic ${Buffer.from(`${name}:secret`).toString('base64')}\r\n`
const anna = { name: 'anna', hash: hashOf('secret') }
const bert = { name: 'bert', hash: hashOf('secret', 2_048) }
const get = (fields: string, path = '/visit'): string => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n${fields}\r\n`
const UPGRADE = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
const SWITCHED = `HTTP/1.1 101 Switching Protocols\r\n${UPGRADE}\r\n`

async function asked({ backend }: Stage): Promise<void> {
  await until('the request', () => /GET \/visit [^]*\r\n\r\n$/.test(backend.got()))
}

async function answering(stage: Stage, fields: string, answer: string): Promise<void> {
  stage.client.send(get(fields))
  await asked(stage)
  stage.backend.send(answer)
  await until('its first bytes', () => stage.got().includes('first '))
}

/** Each kind of request that may last, on its way with the fields that are given. */
const REQUESTS = {
  'a WebSocket': (stage: Stage, fields: string) => answering(stage, `${UPGRADE}${fields}`, `${SWITCHED}first `),
  'an event stream': (stage: Stage, fields: string) =>
    answering(stage, fields, 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nfirst '),
  'a download': (stage: Stage, fields: string) => answering(stage, fields, 'HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\nfirst '),
  async 'an upload'(stage: Stage, fields: string) {
    stage.client.send(`POST /visit HTTP/1.1\r\nHost: a.test\r\n${fields}Content-Length: 999999\r\n\r\nhe`)
    await until('the first bytes', () => stage.backend.got().endsWith('\r\n\r\nhe'))
  },
  async 'an upload that goes on behind its answer'(stage: Stage, fields: string) {
    stage.client.send(`POST /visit HTTP/1.1\r\nHost: a.test\r\n${fields}Content-Length: 999999\r\n\r\nhe`)
    await until('the first bytes', () => stage.backend.got().endsWith('\r\n\r\nhe'))
    stage.backend.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfirst')
    await until('the answer', () => stage.got().endsWith('first'))
  },
  async 'a long poll'(stage: Stage, fields: string) {
    stage.client.send(get(fields))
    await asked(stage)
  },
  async 'a request in line'(stage: Stage, fields: string) {
    const other = await stage.another()
    other.send(get(signIn('bert'), '/other'))
    await until('the other request', () => stage.backend.got().includes('GET /other'))
    stage.client.send(get(fields))
    await until('it to be in line', async () => (await stage.gateway.status()).busy.waiting === 1)
  },
} satisfies Record<string, (stage: Stage, fields: string) => Promise<void>>

type Kind = keyof typeof REQUESTS
const KINDS = Object.keys(REQUESTS) as Kind[]

async function set(options: StageOptions & { readonly kind?: Kind }): Promise<Stage> {
  const inLine: StageOptions =
    options.kind === 'a request in line'
      ? { service: { ...options.service, queue: { length: 5, wait: '25s' } }, entry: { maxConnections: 1 } }
      : {}
  const stage = await setStage('http', { ...options, ...inLine })
  onTestFinished(() => stage.stop())
  return stage
}

/** Nobody waits for the end: by the time a save is through, what it ends has ended, and been told and counted. */
async function expectEnd(stage: Stage, { ended }: { ended: number }, name: string, reason: RegExp): Promise<void> {
  const row = await told(stage)
  expect({ by: row.endedBy, reason: row.reason }).toEqual({ by: 'gateway', reason: expect.stringMatching(reason) })
  await until('its client to see it', () => stage.ended())
  expect(ended).toBeGreaterThan(0)
  expect((await stage.gateway.status()).endings).toEqual({ [name]: ended })
}

/** What somebody who signed in as anna was let in by, and what of it changes; bert is untouched by all but the last. */
const SIGN_INS: readonly (readonly [what: string, users: readonly object[], name: string, reason: RegExp])[] = [
  ['its user is removed', [bert], 'user', /^its user was removed or renamed/],
  ['its user is renamed', [{ ...anna, name: 'anne' }, bert], 'user', /^its user was removed or renamed/],
  [
    'the password of its user is changed',
    [{ name: 'anna', hash: hashOf('other') }, bert],
    'password',
    /^the password of its user was changed/,
  ],
]

describe.each(KINDS)('%s', (kind) => {
  const service = { basicAuth: { users: [anna, bert] } }

  test.each(SIGN_INS)('ends where %s', async (_, users, name, reason) => {
    const stage = await set({ kind, service })
    await REQUESTS[kind](stage, signIn('anna'))
    const saved = await stage.save({ service: { basicAuth: { users } } as Partial<ServiceDocument> })
    await expectEnd(stage, saved, name, reason)
    expect(saved.ended).toBe(1)
  })

  test('goes on where another user is removed, and where what lets it in is written otherwise', async () => {
    const stage = await set({ kind, service })
    await REQUESTS[kind](stage, signIn('anna'))
    const saves: Saved[] = [
      { service: { basicAuth: { users: [{ name: 'carl', hash: hashOf('new') }, { ...anna }, bert], realm: 'Other' } } },
      { service: { basicAuth: { users: [anna, bert] }, name: 'Other', access: { rules: [{ action: 'allow', from: 'loopback' }] } } },
      { service: { basicAuth: { users: [anna, bert] }, rateLimit: { requests: 1, per: '1h' }, maxBody: '1KB' } },
    ]
    for (const save of saves) expect(await stage.save(save)).toEqual({ ended: 0 })
    expect([stage.ended(), await stage.row()]).toEqual([false, undefined])
  })

  test('ends where a sign-in is asked for from now on', async () => {
    const stage = await set({ kind })
    await REQUESTS[kind](stage, '')
    await expectEnd(stage, await stage.save({ service }), 'signIn', /^its service asks for a sign-in now/)
  })

  test('ends where the list that let it in is edited', async () => {
    const rules = { access: { rules: [{ list: 'friends' }], default: 'deny' } } satisfies Partial<ServiceDocument>
    const stage = await set({ kind, service: rules, lists: [{ id: 'friends', rules: [{ action: 'allow', from: 'loopback' }] }] })
    await REQUESTS[kind](stage, '')
    const lists = [{ id: 'friends', rules: [{ action: 'allow' as const, from: '192.0.2.1' }] }]
    await expectEnd(stage, await stage.save({ service: rules, lists }), 'rules', /^the rules no longer let it in/)
  })

  test('ends where what it asked for becomes another service’s', async () => {
    const stage = await set({ kind, service: { hosts: ['a.test', '*'] } })
    await REQUESTS[kind](stage, '')
    const others = [{ id: 'two', type: 'redirect' as const, hosts: ['a.test'], to: 'http://b.test' }]
    const saved = await stage.save({ service: { hosts: ['*'] }, others })
    await expectEnd(stage, saved, 'moved', /^what it asked for belongs to its service no longer/)
  })

  // Where a service has no backend any more, whoever waits for one is told so at once.
  test.skipIf(kind === 'a request in line')('ends where its service becomes one of another type', async () => {
    const stage = await set({ kind })
    await REQUESTS[kind](stage, '')
    const saved = await stage.save({ service: null, others: [{ id: 'one', type: 'redirect', listeners: ['own'], to: 'http://b.test' }] })
    await expectEnd(stage, saved, 'type', /^its service became one of another type/)
  })
})

test('a request of a service that is gone may end by itself within a second, and then nothing was ended', async () => {
  const stage = await set({})
  await REQUESTS['a long poll'](stage, 'Connection: close\r\n')
  const saved = stage.save({ service: null })
  await until('the service to be gone', async () => (await stage.gateway.status()).services.length === 0)
  stage.backend.send('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole')
  expect(await saved).toEqual({ ended: 0 })
  expect(await told(stage)).toMatchObject({ status: 200, reason: null, endedBy: 'backend' })
  expect(stage.got()).toMatch(/whole$/)
})

test('one that becomes a tunnel within that second has no more time', async () => {
  const stage = await set({})
  stage.client.send(get(UPGRADE))
  await asked(stage)
  const saved = stage.save({ service: { enabled: false } })
  await until('it to be off', async () => (await stage.gateway.status()).services[0]?.state === 'off')
  stage.backend.send(`${SWITCHED}first `)
  await expectEnd(stage, await saved, 'off', /^its service was switched off/)
})

test('whose password is being checked is not cut by a save, but let in by what holds when that is done', async () => {
  const slow = { name: 'anna', hash: hashOf('secret', 65_536) }
  const service = { basicAuth: { users: [slow] } }
  const stage = await set({ service })
  stage.client.send(get(signIn('anna')))
  await until('it to be checked', async () => (await inFlight(stage)) === 1)
  expect(await stage.save({ service: { ...service, name: 'Other' } })).toEqual({ ended: 0 })
  await asked(stage)
  expect(stage.ended()).toBe(false)
})

test('who was removed while the password was checked is asked again, and never let in', async () => {
  const slow = { name: 'anna', hash: hashOf('secret', 65_536) }
  const stage = await set({ service: { basicAuth: { users: [slow] } } })
  stage.client.send(get(signIn('anna')))
  await until('it to be checked', async () => (await inFlight(stage)) === 1)
  expect(await stage.save({ service: { basicAuth: { users: [bert] } } })).toEqual({ ended: 0 })
  expect(await told(stage)).toMatchObject({ status: 401, error: 'AR_SIGN_IN', reason: expect.stringContaining('its user was removed') })
  expect(stage.backend.got()).toBe('')
})

test('a rule whose date passes ends what it let in within a second', async () => {
  const expiry = new Date(Date.now() + 1_500).toISOString()
  const access = { rules: [{ action: 'allow' as const, from: 'loopback', until: expiry }], default: 'deny' as const }
  const stage = await set({ service: { access } })
  await REQUESTS['a WebSocket'](stage, '')
  const row = await told(stage)
  expect(row.reason).toMatch(/^the rules no longer let it in/)
  expect((await stage.gateway.status()).endings).toEqual({ rules: 1 })
})

test('a proxy that is trusted no longer brings nobody in: what it brought is judged by its own address', async () => {
  const access = { rules: [{ action: 'allow' as const, from: '192.0.2.7' }], default: 'deny' as const }
  const stage = await set({ service: { access } })
  await stage.save({ service: { access }, settings: { trustedProxies: ['127.0.0.1'] } })
  await REQUESTS['a WebSocket'](stage, 'X-Forwarded-For: 192.0.2.7\r\n')
  await expectEnd(stage, await stage.save({ service: { access } }), 'rules', /^the rules no longer let it in/)
})

test.each(['http', 'tcp'] as const)(
  'what a proxy’s header brought to a port of %s ends where that proxy is trusted no longer',
  async (protocol) => {
    const gateway = await startGateway()
    onTestFinished(() => gateway.stop())
    const backend = await listening()
    const saved = (trustedProxies: string[]) =>
      gateway.save({
        version: 1,
        listeners: [{ id: 'own', address: '127.0.0.1', port: gateway.port, protocol, proxyProtocol: true }],
        services: [
          { id: 'one', type: protocol, backends: [{ id: 'a', url: `${protocol}://127.0.0.1:${backend}` }], health: { type: 'off' } },
        ],
        settings: { trustedProxies },
      })
    await saved(['127.0.0.1'])
    const socket = await openRaw(gateway.port, `PROXY TCP4 203.0.113.9 10.0.0.1 5000 80\r\n${get('')}`)
    const ended = new Promise((resolve) => void socket.once('close', resolve))
    await until('it to run', async () => (await gateway.status()).services[0]?.backends[0]?.requests === 1)
    expect(await saved(['127.0.0.1', '127.0.0.2'])).toEqual({ ended: 0 })
    expect(await saved(['127.0.0.2'])).toEqual({ ended: 1 })
    await ended
    expect((await gateway.rows())[0]).toMatchObject({ client: '203.0.113.9', reason: expect.stringContaining('trusted no longer') })
  },
)

/** A server that takes connections and says nothing. */
async function listening(): Promise<number> {
  const server = createServer((socket) => void socket.on('error', () => undefined).resume())
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('a stream that says late whom it wants is judged by the rules of then', async () => {
  const stage = await setStage('tcp', { service: { hosts: ['a.test'] } })
  onTestFinished(() => stage.stop())
  const { listeners } = await stage.gateway.status()
  const socket = await openRaw(listeners[0]?.port ?? 0)
  await until('both to be there', async () => (await stage.gateway.status()).listeners[0]?.connections === 2)
  await stage.save({ service: { hosts: ['a.test'], access: { rules: [{ action: 'deny', from: 'loopback' }] } } })
  connectTls({ socket, servername: 'a.test' }).on('error', () => undefined)
  expect(await told(stage)).toMatchObject({ error: 'AR_REFUSED', host: 'a.test', attempts: 0 })
  expect(stage.backend.got()).toBe('')
})

test('how many a document would end is told before it is saved, and nothing ends by the question', async () => {
  const service = { id: 'one', type: 'http' as const, listeners: ['own'], backends: [{ id: 'a', url: 'http://127.0.0.1:9' }] }
  const stage = await set({ service: { basicAuth: { users: [anna, bert] } } })
  await REQUESTS['a download'](stage, signIn('anna'))
  const ask = (users: readonly object[]) =>
    stage.gateway.call('access.impact', {
      document: { version: 1, listeners: [{ id: 'own', port: 1 }], services: [{ ...service, basicAuth: { users } }] },
      console: [],
    })
  expect(await ask([anna])).toMatchObject({ running: 0 })
  expect(await ask([bert])).toMatchObject({ total: 0, running: 1 })
  expect([stage.ended(), await stage.row()]).toEqual([false, undefined])
})
