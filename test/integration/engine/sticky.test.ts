import { expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { startGateway, type Gateway } from '../../support/gateway'

/** Backends by name: those of each service begin with its first letter. */
async function setUp(settings: Parameters<typeof startGateway>[0] = {}): Promise<{ gateway: Gateway; backends: Map<string, TestBackend> }> {
  const backends = new Map<string, TestBackend>()
  for (const name of ['w1', 'w2', 'w3', 'a1', 'a2', 'a3']) backends.set(name, await startBackend({ name }))
  const gateway = await startGateway(settings)
  onTestFinished(async () => {
    await gateway.stop()
    await Promise.all([...backends.values()].map((backend) => backend.stop()))
  })
  return { gateway, backends }
}

function service(id: string, backends: ReadonlyMap<string, TestBackend>, more: Partial<ServiceDocument> = {}): ServiceDocument {
  const own = [...backends].filter(([name]) => name.startsWith(id.charAt(0)))
  return {
    id,
    health: { type: 'off' },
    backends: own.map(([name, { url }]) => ({ id: name, url })),
    balance: { sticky: { cookie: 'relay' } },
    ...more,
  }
}

/** A browser as far as cookies go: one of a name for a host, whatever the port (RFC 6265 §8.5). */
function browser(headers: Record<string, string> = {}) {
  const jar = new Map<string, string>()
  const cookies = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const take = (lines: readonly string[] | undefined): void => {
    for (const line of lines ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
  }
  const send = async (port: number, path: string): Promise<{ name: string; set: readonly string[]; saw: string | undefined }> => {
    const answer = await ask(port, path, { headers: { ...headers, ...(jar.size === 0 ? {} : { cookie: cookies() }) } })
    expect(answer.status).toBe(200)
    const set = answer.headers['set-cookie'] ?? []
    const echo = JSON.parse(answer.text) as { name: string; headers: { cookie?: string } }
    return { name: echo.name, set, saw: echo.headers.cookie }
  }
  const visit = async (port: number, path: string) => {
    const got = await send(port, path)
    take(got.set)
    return got
  }
  return { jar, send, take, visit }
}

test('services at / and /api of one host keep their visitors, although both cookies are called the same and both are sent', async () => {
  const { gateway, backends } = await setUp()
  await gateway.serve(service('web', backends), service('api', backends, { path: '/api' }))
  const { port } = gateway
  const visitor = browser()
  const [web, api] = [await visitor.visit(port, '/'), await visitor.visit(port, '/api')]
  for (let n = 0; n < 4; n++) {
    expect(await visitor.visit(port, '/')).toEqual({ name: web.name, set: [], saw: undefined })
    expect(await visitor.visit(port, '/api')).toEqual({ name: api.name, set: [], saw: undefined })
  }
})

test('a page and its API that are first asked at once both keep their visitor', async () => {
  const { gateway, backends } = await setUp()
  await gateway.serve(service('web', backends), service('api', backends, { path: '/api' }))
  const visitor = browser()
  const [web, api] = await Promise.all([visitor.send(gateway.port, '/'), visitor.send(gateway.port, '/api')])
  visitor.take(web.set)
  visitor.take(api.set)
  expect([(await visitor.visit(gateway.port, '/')).name, (await visitor.visit(gateway.port, '/api')).name]).toEqual([web.name, api.name])
})

test('so do services on two ports of one host, which share its cookies', async () => {
  const { gateway, backends } = await setUp()
  const other = await freePort()
  await gateway.load({
    version: 1,
    listeners: [
      { id: 'web', address: '127.0.0.1', port: gateway.port },
      { id: 'other', address: '127.0.0.1', port: other },
    ],
    services: [
      service('web', backends, { listeners: ['web'], hosts: ['office.test', '*.office.test'] }),
      service('api', backends, { listeners: ['other'], hosts: ['wiki.office.test'] }),
    ],
  })
  const visitor = browser({ host: 'wiki.office.test' })
  const [web, api] = [await visitor.visit(gateway.port, '/'), await visitor.visit(other, '/')]
  for (let n = 0; n < 4; n++)
    expect([(await visitor.visit(gateway.port, '/')).name, (await visitor.visit(other, '/')).name]).toEqual([web.name, api.name])
})

test('a cookie is called as configured while it has its host to itself; visitors stay when a neighbour comes, and when it goes', async () => {
  const { gateway, backends } = await setUp()
  const { port } = gateway
  const web = service('web', backends, { hosts: ['office.test'] })
  await gateway.serve(web, service('api', backends, { hosts: ['elsewhere.test'] }))
  const old = browser({ host: 'office.test' })
  const { name, set } = await old.visit(port, '/')
  expect(set).toEqual([expect.stringMatching(/^relay=[0-9a-f]{16}; Path=\/; HttpOnly; SameSite=Lax$/)])
  await gateway.serve(web, service('api', backends, { path: '/api' }))
  const api = await old.visit(port, '/api')
  const late = browser({ host: 'office.test' })
  const first = await late.visit(port, '/')
  expect(first.set).toEqual([expect.stringMatching(/^relay-[0-9a-f]{8}=[0-9a-f]{16}; /)])
  for (let n = 0; n < 4; n++) {
    expect([(await old.visit(port, '/')).name, (await old.visit(port, '/api')).name]).toEqual([name, api.name])
    expect((await late.visit(port, '/')).name).toBe(first.name)
  }
  await gateway.serve(web)
  for (let n = 0; n < 4; n++) expect([(await old.visit(port, '/')).name, (await late.visit(port, '/')).name]).toEqual([name, first.name])
})

test('backends see no cookie of the gateway’s, of whichever service, and all others as they were', async () => {
  const { gateway, backends } = await setUp()
  await gateway.serve(
    service('web', backends),
    service('api', backends, { path: '/api' }),
    service('x', backends, {
      path: '/x',
      backends: [{ id: 'x', url: backends.get('a1')?.url ?? '' }],
      balance: { sticky: { cookie: 'node' } },
    }),
    service('plain', backends, { path: '/plain', backends: [{ id: 'p', url: backends.get('w1')?.url ?? '' }], balance: {} }),
  )
  const visitor = browser()
  for (const path of ['/', '/api', '/x']) await visitor.visit(gateway.port, path)
  expect(visitor.jar.size).toBe(3)
  // What only looks like one of the gateway's, by its name or by its value, is the application's.
  const own = { relay2: '1', xrelay: '2', 'relay-': '3', session: 'a=relay; x', Relay: '4', id: '0123456789abcdef' }
  for (const [name, value] of Object.entries(own)) visitor.jar.set(name, value)
  const theirs = 'relay2=1; xrelay=2; relay-=3; session=a=relay; x; Relay=4; id=0123456789abcdef'
  for (const path of ['/', '/api', '/x', '/plain']) expect((await visitor.visit(gateway.port, path)).saw).toBe(theirs)
  visitor.jar.set('node', 'of the application')
  expect((await visitor.visit(gateway.port, '/plain')).saw).toContain('node=of the application')
})

test('a visitor who came over HTTPS, as a trusted proxy says, gets a cookie for HTTPS only', async () => {
  const { gateway, backends } = await setUp({ settings: { trustedProxies: ['127.0.0.1'] } })
  await gateway.serve(service('web', backends))
  const attributes = async (proto: string): Promise<string | undefined> =>
    (await browser({ 'x-forwarded-proto': proto }).visit(gateway.port, '/')).set[0]?.replace(/^[^;]*/, '')
  expect([await attributes('https'), await attributes('http'), await attributes('https, http')]).toEqual([
    '; Path=/; HttpOnly; SameSite=Lax; Secure',
    '; Path=/; HttpOnly; SameSite=Lax',
    '; Path=/; HttpOnly; SameSite=Lax; Secure',
  ])
  await gateway.load({
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port }],
    services: [service('web', backends)],
  })
  expect(await attributes('https')).toBe('; Path=/; HttpOnly; SameSite=Lax')
})
