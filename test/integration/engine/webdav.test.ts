import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { ask, askEcho } from '../../support/ask'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway, type GatewayOptions } from '../../support/gateway'

let gateway: Gateway
let backend: TestBackend
async function serve(service: Partial<ServiceDocument> = {}, options: GatewayOptions = {}): Promise<void> {
  gateway = await startGateway(options)
  await gateway.serve({ id: 'dav', path: '/dav', stripPath: true, backends: [{ id: 'main', url: backend.url }], ...service })
}
const move = (Destination: string, more: Record<string, string> = {}, method = 'MOVE') => ({
  method,
  headers: { host: 's.test', Destination, ...more },
})
beforeEach(async () => {
  backend = await startBackend()
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

describe('the Destination of MOVE and COPY goes the way of the path', () => {
  test.each([
    ['http://s.test/dav/b', 'http://s.test/b'],
    ['http://S.TEST:80/dav/a%20b/', 'http://s.test/a%20b/'],
    ['https://s.test/dav/b', 'http://s.test/b'],
    ['/dav/b', '/b'],
    ['http://elsewhere.test/dav/b', 'http://elsewhere.test/dav/b'],
  ])('below a stripped path: %s is told as %s', async (destination, told) => {
    await serve()
    for (const method of ['MOVE', 'COPY']) {
      const { url, headers } = await askEcho(gateway.port, '/dav/a', move(destination, {}, method))
      expect([url, headers['destination'], headers.host]).toEqual(['/a', told, 's.test'])
    }
  })

  test('to a backend with a base path, by its own name', async () => {
    await serve({ stripPath: false, path: '/', headers: { host: 'backend' }, backends: [{ id: 'main', url: `${backend.url}/remote.php` }] })
    const { url, headers } = await askEcho(gateway.port, '/a', move('http://s.test/b'))
    expect([url, headers['destination']]).toEqual(['/remote.php/a', `${backend.url}/remote.php/b`])
  })

  test('from the address that the visitor called at a trusted proxy', async () => {
    await serve({}, { settings: { trustedProxies: ['127.0.0.1'] } })
    const forwarded = { host: 'inner.test', 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'drive.test:8443' }
    const { headers } = await askEcho(gateway.port, '/dav/a', move('https://drive.test:8443/dav/b', forwarded))
    expect(headers['destination']).toBe('http://inner.test/b')
  })

  test('and the resources of an If with it, but not its tokens', async () => {
    await serve()
    const { headers } = await askEcho(gateway.port, '/dav/a', {
      method: 'PUT',
      body: 'x',
      headers: {
        host: 's.test',
        If: '<http://s.test/dav/a> (<urn:uuid:1> ["</dav/)>"]) </dav/b> (Not <http://s.test/dav/token>) <http://elsewhere.test/dav/c> (<x:y>)',
      },
    })
    expect(headers['if']).toBe(
      '<http://s.test/a> (<urn:uuid:1> ["</dav/)>"]) </b> (Not <http://s.test/dav/token>) <http://elsewhere.test/dav/c> (<x:y>)',
    )
  })
})

describe('a Destination that the backend must not be given is refused', () => {
  test.each([
    ['outside the service', '/other/b'],
    ['outside the service', 'http://s.test/other/b'],
    ['outside the service', '/dav/../../b'],
    ['outside the service', '/dav/..%2f..%2fb'],
    ['in another service', 'http://private.test/b'],
    ['neither a URL', 'b'],
    ['neither a URL', 'http://a@s.test/dav/b'],
    ['neither a URL', '/dav/%00'],
  ])('%s: %s', async (reason, destination) => {
    gateway = await startGateway()
    const backends = [{ id: 'main', url: backend.url }]
    await gateway.serve(
      { id: 'dav', hosts: ['s.test'], path: '/dav', stripPath: true, backends },
      { id: 'private', hosts: ['private.test'], backends, access: { rules: [{ action: 'deny', from: 'loopback' }] } },
    )
    expect([(await ask(gateway.port, '/dav/a', move(destination))).status, backend.seen.length]).toEqual([400, 0])
    expect((await gateway.rows())[0]?.reason).toContain(reason)
  })

  test('a service that keeps its path is no way into another one', async () => {
    gateway = await startGateway()
    const backends = [{ id: 'main', url: backend.url }]
    await gateway.serve({ id: 'open', path: '/open', backends }, { id: 'shut', path: '/shut', backends })
    expect((await ask(gateway.port, '/open/a', move('http://s.test/shut/a'))).status).toBe(400)
    expect((await askEcho(gateway.port, '/open/a', move('http://s.test/open/b'))).headers['destination']).toBe('http://s.test/open/b')
  })

  test('a field of that name means nothing with other methods', async () => {
    await serve()
    expect((await askEcho(gateway.port, '/dav/a', move('Berlin', {}, 'GET'))).headers['destination']).toBe('Berlin')
  })
})
