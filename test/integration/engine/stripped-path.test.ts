import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask, askEcho } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway, type GatewayOptions } from '../../support/gateway'

let gateway: Gateway
let backend: TestBackend
async function serve(service: Partial<ServiceDocument> = {}, options: GatewayOptions = {}): Promise<void> {
  gateway = await startGateway(options)
  await gateway.serve({ id: 'app', path: '/app', stripPath: true, backends: [{ id: 'main', url: backend.url }], ...service })
}
beforeEach(async () => {
  backend = await startBackend()
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

describe('a stripped service asked at its path without the slash', () => {
  test.each(['GET', 'HEAD'])('sends the visitor to the slash, query and all: %s', async (method) => {
    await serve()
    const answer = await ask(gateway.port, '/app?a=1&b=/', { method, headers: { host: 's.test' } })
    expect([answer.status, answer.headers.location, backend.seen.length]).toEqual([308, '/app/?a=1&b=/', 0])
    expect((await gateway.rows())[0]).toMatchObject({ service: 'app', status: 308, path: '/app', error: null })
    expect((await askEcho(gateway.port, '/app/?a=1&b=/')).url).toBe('/?a=1&b=/')
  })

  test('also below several segments, and only there', async () => {
    await serve({ path: '/a/b' })
    expect((await ask(gateway.port, '/a/b')).headers.location).toBe('/a/b/')
    expect((await askEcho(gateway.port, '/a/b/c')).url).toBe('/c')
  })

  test('leads below the path that a trusted proxy in front has taken off, as the visitor sees it', async () => {
    await serve({}, { settings: { trustedProxies: ['127.0.0.1'] } })
    const headers = { 'X-Forwarded-Prefix': '/outer/' }
    expect((await ask(gateway.port, '/app?a=1', { headers })).headers.location).toBe('/outer/app/?a=1')
  })

  test('believes nobody else of such a path', async () => {
    await serve()
    expect((await ask(gateway.port, '/app', { headers: { 'X-Forwarded-Prefix': '/evil' } })).headers.location).toBe('/app/')
  })

  test('passes what writes, and handshakes', async () => {
    await serve()
    expect((await askEcho(gateway.port, '/app', { method: 'POST', body: 'x' })).url).toBe('/')
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-key': 'x', 'sec-websocket-version': '13' }
    expect((await askEcho(gateway.port, '/app', { headers: upgrade })).url).toBe('/')
  })

  test('passes everything where the service says so', async () => {
    await serve({ slashRedirect: false })
    expect((await askEcho(gateway.port, '/app?a=1')).url).toBe('/?a=1')
  })

  test('answers nobody whom its rules refuse', async () => {
    await serve({ access: { rules: [{ action: 'deny', from: 'loopback' }] } })
    expect((await ask(gateway.port, '/app')).status).toBe(403)
  })

  test('a service that keeps its path has none of this', async () => {
    await serve({ stripPath: false })
    const { url, headers } = await askEcho(gateway.port, '/app')
    expect([url, headers['x-forwarded-prefix']]).toEqual(['/app', undefined])
  })
})

describe('X-Forwarded-Prefix', () => {
  test('tells the backend what was taken off, and nothing that a client made up', async () => {
    await serve()
    const { headers } = await askEcho(gateway.port, '/app/x', { headers: { 'X-Forwarded-Prefix': '/evil', X_Forwarded_Prefix: '/evil' } })
    expect(headers['x-forwarded-prefix']).toBe('/app')
    expect(JSON.stringify(headers)).not.toContain('evil')
  })

  test.each([
    ['/outer', '/outer/app'],
    ['/outer/', '/outer/app'],
    ['/a, /b', '/a/b/app'],
    ['/', '/app'],
    ['evil', '/app'],
    ['//evil.test', '/app'],
  ])('continues that of a trusted proxy: %s becomes %s', async (theirs, told) => {
    await serve({}, { settings: { trustedProxies: ['127.0.0.1'] } })
    expect((await askEcho(gateway.port, '/app/x', { headers: { 'X-Forwarded-Prefix': theirs } })).headers['x-forwarded-prefix']).toBe(told)
  })

  test('is written in ASCII', async () => {
    await serve({ path: '/büro' })
    const { url, headers } = await askEcho(gateway.port, '/b%C3%BCro/x')
    expect([url, headers['x-forwarded-prefix']]).toEqual(['/x', '/b%C3%BCro'])
  })
})

test.each(['/app/Icon%0D', '/app/a%0Ab', '/app/a%09b', '/app/a%7Fb', '/app/%1b%5d'])(
  'a name with a control character passes as it came: %s',
  async (path) => {
    await serve()
    const { url, rawHeaders } = await askEcho(gateway.port, path, { method: 'PROPFIND' })
    expect(url).toBe(path.slice('/app'.length))
    expect(rawHeaders.filter((name) => name === 'X-Forwarded-Prefix')).toHaveLength(1)
    expect((await gateway.rows())[0]?.path).toBe(path)
  },
)

test('a name that another program may read as another service’s is refused, one that ends in NUL always', async () => {
  gateway = await startGateway()
  const backends = [{ id: 'main', url: backend.url }]
  await gateway.serve({ id: 'all', backends }, { id: 'admin', path: '/admin', backends })
  const statuses = []
  for (const path of ['/admin%0a', '/ad%09min/x', '/x/.%0d./admin', '/%20admin', '/x%00', '/x/Icon%0D'])
    statuses.push((await ask(gateway.port, path)).status)
  expect(statuses).toEqual([400, 400, 400, 400, 400, 200])
})
