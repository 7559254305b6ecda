import { afterEach, describe, expect, test } from 'vitest'
import { ask, askEcho } from '../../support/ask'
import { startBackend, type BackendHandler, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway, type GatewayOptions } from '../../support/gateway'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { sendRaw } from '../../support/raw-client'

let gateway: Gateway
let backend: TestBackend
async function setUp(service: Partial<ServiceDocument> = {}, options: GatewayOptions = {}, handler?: BackendHandler): Promise<void> {
  backend = await startBackend(handler ? { handler } : {})
  gateway = await startGateway(options)
  await gateway.serve({ id: 'wiki', backends: [{ id: 'main', url: backend.url }], ...service })
}
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

const FORGED = {
  'X-Forwarded-For': '9.9.9.9',
  X_Forwarded_For: '9.9.9.8',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'evil.test',
  'X-Forwarded-Port': '1',
  'X-Forwarded-Prefix': '/evil',
  'X-Real-IP': '9.9.9.9',
  X_Real_Ip: '9.9.9.9',
  Forwarded: 'for=9.9.9.9',
  'CF-Connecting-IP': '9.9.9.9',
  'True-Client-IP': '9.9.9.9',
  'X-Client-IP': '9.9.9.9',
  'X-Request-ID': 'forged',
  'X-Original-URL': '/evil',
  X_Rewrite_Url: '/evil',
}

describe('to the backend', () => {
  test('the forwarding fields tell the real peer, and nothing a client forged survives', async () => {
    await setUp()
    const { headers, rawHeaders } = await askEcho(gateway.port, '/', { headers: { host: 'wiki.lan:81', ...FORGED } })
    expect(headers).toMatchObject({
      host: 'wiki.lan:81',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': 'wiki.lan:81',
      'x-forwarded-port': '81',
      'x-real-ip': '127.0.0.1',
      forwarded: 'for=127.0.0.1;host="wiki.lan:81";proto=http',
    })
    expect(JSON.stringify(rawHeaders)).not.toMatch(/9\.9\.9|evil|forged|_/)
    expect(rawHeaders.filter((name) => /^x-request-id$/i.test(name))).toHaveLength(1)
    expect((await gateway.rows())[0]?.ref).toBe(headers['x-request-id'])
  })

  test('a trusted proxy’s chain is continued, and the client is its right-most untrusted address', async () => {
    await setUp({ access: { rules: [{ action: 'allow', from: '8.8.8.8' }] } }, { settings: { trustedProxies: ['127.0.0.1'] } })
    const { headers } = await askEcho(gateway.port, '/', {
      headers: {
        'X-Forwarded-For': '9.9.9.9, 8.8.8.8',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Host': 'public.example',
        X_Forwarded_For: '6.6.6.6',
      },
    })
    expect(headers).toMatchObject({
      'x-forwarded-for': '9.9.9.9, 8.8.8.8, 127.0.0.1',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'public.example',
      'x-real-ip': '8.8.8.8',
    })
    expect(headers).not.toHaveProperty('x_forwarded_for')
    expect((await ask(gateway.port, '/', { headers: { 'X-Forwarded-For': '8.8.8.8, 9.9.9.9' } })).status).toBe(403)
  })

  test('hop-by-hop fields and what Connection names are removed before ours are added', async () => {
    await setUp()
    const answer = await sendRaw(
      gateway.port,
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Forwarded-For, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=5\r\nTE: gzip\r\nProxy-Authorization: Basic eA==\r\nProxy-Connection: keep-alive\r\n\r\n',
    )
    const { headers } = JSON.parse(answer.body) as { headers: Record<string, string> }
    expect(headers['x-forwarded-for']).toBe('127.0.0.1')
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-secret']))
    for (const name of ['keep-alive', 'te', 'proxy-authorization', 'proxy-connection', 'x-secret']) expect(headers).not.toHaveProperty(name)
  })

  test('repeated fields stay repeated, and the service’s own are set and removed', async () => {
    await setUp({
      headers: {
        request: { set: { 'X-Team': 'blue' }, remove: ['X-Old'] },
        response: { set: { 'X-Frame-Options': 'DENY' }, remove: ['Content-Type'] },
      },
    })
    const answer = await ask(gateway.port, '/', { headers: { 'X-Old': '1', 'X-Many': ['a', 'b'], 'X-Team': 'red' } })
    const { headers, rawHeaders } = JSON.parse(answer.text) as { headers: Record<string, string>; rawHeaders: string[] }
    expect(headers).toMatchObject({ 'x-team': 'blue', 'x-many': 'a, b' })
    expect(rawHeaders.filter((name) => name === 'X-Many')).toHaveLength(2)
    expect(headers).not.toHaveProperty('x-old')
    expect(answer.headers).toMatchObject({ 'x-frame-options': 'DENY' })
    expect(answer.headers).not.toHaveProperty('content-type')
  })

  test('the Host is the backend’s own where the service says so', async () => {
    await setUp({ headers: { host: 'backend' } })
    const { headers } = await askEcho(gateway.port, '/', { headers: { host: 'wiki.lan' } })
    expect(headers).toMatchObject({ host: `127.0.0.1:${backend.port}`, 'x-forwarded-host': 'wiki.lan' })
  })
})

describe('to the client', () => {
  test('nothing tells the backend’s address or software', async () => {
    await setUp({}, {}, (_, response) => {
      response.writeHead(302, [
        'Server',
        'Backend/1.0',
        'X-Powered-By',
        'PHP',
        'X-AspNet-Version',
        '4',
        'X-AspNetMvc-Version',
        '5',
        'Via',
        '1.1 cache',
        'Alt-Svc',
        'h2=":9"',
        'Location',
        `http://127.0.0.1:${backend.port}/login?next=/`,
        'Content-Location',
        `//127.0.0.1:${backend.port}/x`,
        'Refresh',
        `5; url=http://127.0.0.1:${backend.port}/y`,
        'Set-Cookie',
        'a=1; Domain=127.0.0.1; Path=/; HttpOnly',
        'Set-Cookie',
        'b=2; Path=/b; Secure',
      ])
      response.end()
    })
    const { headers, rawHeaders } = await ask(gateway.port, '/', { headers: { host: 'wiki.lan:8080' } })
    expect(headers).toMatchObject({
      location: 'http://wiki.lan:8080/login?next=/',
      'content-location': 'http://wiki.lan:8080/x',
      refresh: '5; url=http://wiki.lan:8080/y',
    })
    expect(headers['set-cookie']).toEqual(['a=1; Path=/; HttpOnly', 'b=2; Path=/b; Secure'])
    expect(JSON.stringify(rawHeaders)).not.toMatch(new RegExp(`127\\.0\\.0\\.1|${backend.port}|Backend|PHP|Asp|Via|Alt-Svc`))
  })

  test('redirects and cookies lead back below the service’s path, and foreign redirects stay', async () => {
    await setUp({ path: '/wiki', stripPath: true }, {}, (request, response) => {
      response.writeHead(302, { Location: request.url === '/out' ? 'https://elsewhere.test/' : '/login', 'Set-Cookie': 's=1; Path=/' })
      response.end()
    })
    const inside = await ask(gateway.port, '/wiki/in')
    expect([inside.headers.location, inside.headers['set-cookie']]).toEqual(['/wiki/login', ['s=1; Path=/wiki']])
    expect((await ask(gateway.port, '/wiki/out')).headers.location).toBe('https://elsewhere.test/')
  })

  test('error pages name neither software nor backend, and their reference finds the request', async () => {
    await setUp({ backends: [{ id: 'main', url: 'http://127.0.0.1:9' }] })
    const answer = await ask(gateway.port, '/secret?token=1', { headers: { accept: 'text/html' } })
    expect(answer.status).toBe(502)
    expect(answer.text + answer.rawHeaders.join()).not.toMatch(/127\.0\.0\.1|astro|node|refused/i)
    const ref = /<code>(\w+)<\/code>/.exec(answer.text)?.[1]
    const row = (await gateway.rows()).find((row) => row.ref === ref)
    expect(row).toMatchObject({ status: 502, error: 'AR_BACKEND_FAILED', reason: 'main: connection refused', path: '/secret', attempts: 1 })
  })
})
