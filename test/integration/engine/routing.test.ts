import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, askEcho } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { startGateway, type Gateway } from '../../support/gateway'
import { sendRaw } from '../../support/raw-client'

let gateway: Gateway
const backends: TestBackend[] = []
const names = ['exact', 'wild', 'deeper', 'any', 'api', 'api2', 'strict', 'based'] as const
const url = (name: (typeof names)[number]): string => backends[names.indexOf(name)]?.url ?? ''
const to = (name: (typeof names)[number]) => [{ id: 'main', url: url(name) }]

beforeAll(async () => {
  gateway = await startGateway()
  for (const name of names) backends.push(await startBackend({ name }))
  await gateway.serve(
    { id: 'exact', hosts: ['wiki.office.lan'], backends: to('exact') },
    { id: 'wild', hosts: ['*.office.lan'], backends: to('wild') },
    { id: 'deeper', hosts: ['*.b.office.lan'], backends: to('deeper') },
    { id: 'any', backends: to('any') },
    { id: 'api', hosts: ['paths.lan'], path: '/api', stripPath: true, backends: to('api') },
    { id: 'api2', hosts: ['paths.lan'], path: '/api/v2', backends: to('api2') },
    { id: 'strict', hosts: ['paths.lan'], path: '/admin', backends: to('strict'), access: { rules: [], default: 'deny' } },
    { id: 'based', hosts: ['based.lan'], backends: [{ id: 'main', url: `${url('based')}/app` }] },
  )
})
afterAll(async () => {
  await gateway.stop()
  await Promise.all(backends.map((backend) => backend.stop()))
})

const whoAnswers = async (host: string, path = '/'): Promise<string> => (await askEcho(gateway.port, path, { headers: { host } })).name

describe('a request goes to', () => {
  test.each([
    ['wiki.office.lan', 'exact'],
    ['WIKI.Office.LAN.', 'exact'],
    ['wiki.office.lan:9999', 'exact'],
    ['other.office.lan', 'wild'],
    ['x.y.office.lan', 'wild'],
    ['x.b.office.lan', 'deeper'],
    ['office.lan', 'any'],
    ['[::1]:80', 'any'],
  ])('the service of its host: %s to %s', async (host, name) => {
    expect(await whoAnswers(host)).toBe(name)
  })

  test.each([
    ['/api/', 'api', '/'],
    ['/api/x?y=/api', 'api', '/x?y=/api'],
    ['/api/v1/%2Fkept', 'api', '/v1/%2Fkept'],
    ['/api/v2/x', 'api2', '/api/v2/x'],
    ['/apix', 'any', '/apix'],
    ['/%61pi/x', 'api', '/x'],
    ['/plain//double/%20?a=b&a=c', 'any', '/plain//double/%20?a=b&a=c'],
  ])('the longest path on segment borders: %s to %s, which sees %s', async (path, name, seen) => {
    const echo = await askEcho(gateway.port, path, { headers: { host: 'paths.lan' } })
    expect([echo.name, echo.url]).toEqual([name, seen])
  })

  test('the base path of its backend', async () => {
    expect((await askEcho(gateway.port, '/x?y=1', { headers: { host: 'based.lan' } })).url).toBe('/app/x?y=1')
  })

  test('the host of an absolute target, whatever the Host field says', async () => {
    const answer = await sendRaw(
      gateway.port,
      'GET http://wiki.office.lan/abs HTTP/1.1\r\nHost: elsewhere.lan\r\nConnection: close\r\n\r\n',
    )
    expect(answer.body).toContain('"name":"exact"')
    expect(answer.body).toContain('"host":"wiki.office.lan"')
  })
})

describe('a path that could slip into a stricter service is refused', () => {
  test.each([
    '//admin',
    '/./admin',
    '/x/../admin',
    '/x/%2e%2e/admin',
    '/x/..%2fadmin',
    '/x%2f..%2fadmin',
    '/x/..%5cadmin',
    '/x/..;/admin',
    '/admin;x=1',
    '/%2fadmin',
  ])('%s', async (path) => {
    const before = backends.reduce((sum, { seen }) => sum + seen.length, 0)
    const answer = await ask(gateway.port, path, { headers: { host: 'paths.lan' } })
    expect([400, 403]).toContain(answer.status)
    expect(backends.reduce((sum, { seen }) => sum + seen.length, 0)).toBe(before)
  })

  test.each([
    ['based.lan', '/../x'],
    ['based.lan', '/x/..%2f../y'],
    ['based.lan', '/..;/x'],
    ['based.lan', '/..%5cx'],
    ['paths.lan', '/api/../api/x'],
    ['paths.lan', '/api/x/../..'],
  ])('one that leads out of its base or service: %s%s', async (host, path) => {
    const before = backends.reduce((sum, { seen }) => sum + seen.length, 0)
    expect((await ask(gateway.port, path, { headers: { host } })).status).toBe(400)
    expect(backends.reduce((sum, { seen }) => sum + seen.length, 0)).toBe(before)
  })

  test('dots that stay within are passed on as they are', async () => {
    expect((await askEcho(gateway.port, '/a/../b/./c', { headers: { host: 'based.lan' } })).url).toBe('/app/a/../b/./c')
  })

  test('in any spelling of its own path the rules hold', async () => {
    expect((await ask(gateway.port, '/%61dmin/x', { headers: { host: 'paths.lan' } })).status).toBe(403)
  })
})

test('a host and path that nobody answers get a page that names neither services nor software', async () => {
  const lonely = await startGateway()
  await lonely.load({ version: 1, listeners: [{ id: 'web', address: '127.0.0.1', port: lonely.port }], services: [] })
  const page = await ask(lonely.port, '/', { headers: { accept: 'text/html' } })
  const json = await ask(lonely.port, '/', { headers: { accept: 'application/json' } })
  await lonely.stop()
  expect([page.status, json.status]).toEqual([404, 404])
  expect(page.headers['content-type']).toContain('text/html')
  expect(JSON.parse(json.text)).toMatchObject({ error: { code: 'no_service', ref: json.headers['x-request-id'] } })
  expect(page.text + JSON.stringify(page.headers)).not.toMatch(/astro|relay|node|nginx/i)
})

test('a service on one listener is not found on another', async () => {
  const [own] = backends
  const two = await startGateway()
  const second = await freePort()
  await two.load({
    version: 1,
    listeners: [
      { id: 'web', address: '127.0.0.1', port: two.port },
      { id: 'own', address: '127.0.0.1', port: second },
    ],
    services: [{ id: 'one', listeners: ['own'], backends: [{ id: 'main', url: own?.url ?? '' }] }],
  })
  const answers = [(await ask(two.port)).status, (await ask(second)).status]
  await two.stop()
  expect(answers).toEqual([404, 200])
})

test('a service that is switched off answers nobody', async () => {
  const off = await startGateway()
  await off.serve({ id: 'one', enabled: false, backends: to('any') })
  const { status } = await ask(off.port)
  const [service] = (await off.status()).services
  await off.stop()
  expect([status, service?.state]).toEqual([404, 'off'])
})
