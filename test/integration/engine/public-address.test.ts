import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, askEcho } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway, type GatewayOptions } from '../../support/gateway'

let gateway: Gateway
let backend: TestBackend
/** What the backend answers with: name, value, …. */
let fields: string[]
beforeEach(async () => {
  fields = []
  backend = await startBackend({
    handler: (_, response) => {
      response.writeHead(302, fields)
      response.end()
    },
  })
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

/** Where a visitor is led whose backend says `location`. */
async function seen(headers: Record<string, string>, location: string): Promise<string | undefined> {
  fields = ['Location', location]
  return (await ask(gateway.port, '/', { headers: { host: 'cloud.test', ...headers } })).headers.location
}

const TRUSTING: GatewayOptions = { settings: { trustedProxies: ['127.0.0.1'] } }

describe('an application below a path that is taken off', () => {
  test('may write its public path itself: Location, Content-Location, Link, Refresh and cookies stay', async () => {
    gateway = await startGateway()
    await gateway.serve({ id: 'grafana', path: '/grafana', stripPath: true, backends: [{ id: 'main', url: backend.url }] })
    fields = [
      'Location',
      '/grafana/login?from=/',
      'Content-Location',
      '/grafana',
      'Link',
      '</grafana/style.css>; rel=preload, </app.js>; rel=preload',
      'Refresh',
      '0; url=/grafana/login',
      'Set-Cookie',
      'a=1; Path=/grafana; HttpOnly',
      'Set-Cookie',
      'b=2; Path=/',
    ]
    const { headers } = await ask(gateway.port, '/grafana/', { headers: { host: 's.test' } })
    expect(headers).toMatchObject({
      location: '/grafana/login?from=/',
      'content-location': '/grafana',
      link: '</grafana/style.css>; rel=preload, </grafana/app.js>; rel=preload',
      refresh: '0; url=/grafana/login',
      'set-cookie': ['a=1; Path=/grafana; HttpOnly', 'b=2; Path=/grafana'],
    })
  })

  test('may write the path that a trusted proxy in front has taken off, too', async () => {
    gateway = await startGateway(TRUSTING)
    await gateway.serve({ id: 'app', path: '/app', stripPath: true, backends: [{ id: 'main', url: backend.url }] })
    fields = ['Location', '/outer/app/login', 'Content-Location', '/outer/x']
    const { headers } = await ask(gateway.port, '/app/', { headers: { 'X-Forwarded-Prefix': '/outer/' } })
    expect([headers.location, headers['content-location']]).toEqual(['/outer/app/login', '/app/outer/x'])
  })

  test('may name another service of the same host by its whole URL, and is led back below its own path otherwise', async () => {
    gateway = await startGateway()
    const backends = [{ id: 'main', url: backend.url }]
    await gateway.serve(
      { id: 'app', path: '/app', stripPath: true, backends },
      { id: 'auth', path: '/auth', backends },
      { id: 'site', backends },
    )
    const below = async (location: string): Promise<string | undefined> => {
      fields = ['Location', location]
      return (await ask(gateway.port, '/app/', { headers: { host: 's.test:8080' } })).headers.location
    }
    expect(await below('http://s.test:8080/auth/realm?client=app')).toBe('http://s.test:8080/auth/realm?client=app')
    expect(await below('http://s.test:8080/login')).toBe('http://s.test:8080/app/login')
    expect(await below('http://s.test:8080/app/login')).toBe('http://s.test:8080/app/login')
    expect(await below('http://elsewhere.test/login')).toBe('http://elsewhere.test/login')
  })
})

describe('a visitor who came to a trusted proxy', () => {
  test.each([
    ['X-Forwarded-Proto', { 'X-Forwarded-Proto': 'https' }, 'https://cloud.test/x'],
    ['X-Forwarded-Host, too', { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'drive.test' }, 'https://drive.test/x'],
    ['a port in the host', { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'drive.test:8443' }, 'https://drive.test:8443/x'],
    ['X-Forwarded-Port', { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '8443' }, 'https://cloud.test:8443/x'],
    ['the scheme’s own port', { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '443' }, 'https://cloud.test/x'],
    ['the port behind a TLS proxy', { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '80' }, 'https://cloud.test/x'],
    ['a WebSocket’s scheme', { 'X-Forwarded-Proto': 'wss' }, 'https://cloud.test/x'],
    ['Forwarded', { Forwarded: 'for=203.0.113.9;proto=https;host="drive.test:8443"' }, 'https://drive.test:8443/x'],
    ['Forwarded without an address', { Forwarded: 'Proto=HTTPS' }, 'https://cloud.test/x'],
    [
      'Forwarded of two proxies',
      { Forwarded: 'for=203.0.113.9;host=drive.test;proto=https, for=127.0.0.1;host=inner.test;proto=http' },
      'https://drive.test/x',
    ],
    [
      'lists of two proxies',
      { 'X-Forwarded-For': '203.0.113.9, 127.0.0.1', 'X-Forwarded-Proto': 'https, http', 'X-Forwarded-Host': 'drive.test, inner.test' },
      'https://drive.test/x',
    ],
    [
      'what a visitor made up before the proxy added to it',
      { 'X-Forwarded-For': '10.9.9.9, 203.0.113.9', 'X-Forwarded-Host': 'evil.test, drive.test', 'X-Forwarded-Proto': 'http, https' },
      'https://drive.test/x',
    ],
    ['nothing that can be read', { 'X-Forwarded-Proto': 'gopher', 'X-Forwarded-Host': 'a b' }, 'http://cloud.test/x'],
  ])('is led to the address that it called: %s', async (_, headers, expected) => {
    gateway = await startGateway(TRUSTING)
    await gateway.serve({ id: 'cloud', backends: [{ id: 'main', url: backend.url }] })
    expect(await seen(headers, `http://127.0.0.1:${backend.port}/x`)).toBe(expected)
    expect(await seen(headers, expected)).toBe(expected)
  })

  test('is not led out of https by an application that knows plain HTTP only', async () => {
    gateway = await startGateway(TRUSTING)
    await gateway.serve({ id: 'cloud', backends: [{ id: 'main', url: backend.url }] })
    const https = { 'X-Forwarded-Proto': 'https' }
    expect(await seen(https, 'https://cloud.test/login')).toBe('https://cloud.test/login')
    expect(await seen(https, 'http://cloud.test/login')).toBe('https://cloud.test/login')
    expect(await seen(https, `http://cloud.test:${backend.port}/login`)).toBe('https://cloud.test/login')
    expect(await seen({}, 'https://cloud.test/login')).toBe('https://cloud.test/login')
  })

  test('gets cookies for the host that it called', async () => {
    gateway = await startGateway(TRUSTING)
    await gateway.serve({ id: 'cloud', backends: [{ id: 'main', url: backend.url }] })
    fields = ['Set-Cookie', 'a=1; Domain=cloud.inner; Path=/', 'Set-Cookie', 'b=2; Domain=drive.test; Path=/']
    const headers = { host: 'cloud.inner', 'X-Forwarded-Host': 'drive.test', 'X-Forwarded-Proto': 'https' }
    expect((await ask(gateway.port, '/', { headers })).headers['set-cookie']).toEqual(['a=1; Path=/', 'b=2; Domain=drive.test; Path=/'])
  })

  test('is believed only where the proxy is trusted', async () => {
    gateway = await startGateway()
    await gateway.serve({ id: 'cloud', backends: [{ id: 'main', url: backend.url }] })
    const forged = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'evil.test', Forwarded: 'proto=https;host=evil.test' }
    expect(await seen(forged, `http://127.0.0.1:${backend.port}/x`)).toBe('http://cloud.test/x')
  })
})

describe('what the backend is told of the visitor’s address', () => {
  let echo: TestBackend
  beforeEach(async () => {
    echo = await startBackend()
  })
  afterEach(() => echo.stop())
  const told = async (headers: Record<string, string>, options: GatewayOptions = TRUSTING) => {
    gateway = await startGateway(options)
    await gateway.serve({ id: 'cloud', backends: [{ id: 'main', url: echo.url }] })
    return (await askEcho(gateway.port, '/', { headers })).headers
  }

  test.each([
    ['a', '80'],
    ['a:81', '81'],
    ['[::1]:8443', '8443'],
  ])('the port of the Host %s, else of its scheme: %s', async (host, port) => {
    expect(await told({ host }, {})).toMatchObject({ 'x-forwarded-host': host, 'x-forwarded-port': port, 'x-forwarded-proto': 'http' })
  })

  test.each<[string, Record<string, string>, Record<string, string>]>([
    [
      'the scheme’s port',
      { 'X-Forwarded-Proto': 'https' },
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'cloud.test', 'x-forwarded-port': '443' },
    ],
    [
      'the host’s port',
      { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'drive.test:8443', 'X-Forwarded-Port': '443' },
      { 'x-forwarded-host': 'drive.test:8443', 'x-forwarded-port': '8443' },
    ],
    ['the port it names', { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Port': '8443' }, { 'x-forwarded-port': '8443' }],
    [
      'what it says in Forwarded',
      { Forwarded: 'for=203.0.113.9;host=drive.test;proto=https' },
      {
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'drive.test',
        'x-forwarded-port': '443',
        forwarded: 'for=203.0.113.9;host=drive.test;proto=https, for=127.0.0.1;host=cloud.test;proto=http',
      },
    ],
    [
      'one address in both forms',
      { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'drive.test' },
      { forwarded: 'for=127.0.0.1;host=drive.test;proto=https' },
    ],
  ])('of a trusted proxy: %s', async (_, headers, expected) => {
    expect(await told({ host: 'cloud.test', ...headers })).toMatchObject(expected)
  })
})
