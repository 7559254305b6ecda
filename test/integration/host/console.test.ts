import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { connect, createServer } from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { documentWith } from '../../support/fake-engine'
import { freePort } from '../../support/free-port'
import { readUntil } from '../../support/read-until'
import { tempDirectory } from '../../support/temp-directory'
import { startTestHost, type TestHost } from '../../support/test-host'

const ANY_PORT = { host: '127.0.0.1', port: 0, named: true } as const

interface Console extends TestHost {
  readonly origin: string
  readonly token: string
  readonly rendererDirectory: string
  /** A call of the automation API with the token. */
  readonly api: (method: string, target: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>
}

async function startConsole(): Promise<Console> {
  const rendererDirectory = tempDirectory()
  mkdirSync(path.join(rendererDirectory, 'assets'))
  writeFileSync(path.join(rendererDirectory, 'index.html'), '<title>AstroRelay</title>')
  writeFileSync(path.join(rendererDirectory, 'assets/app.js'), 'run()')
  const test = await startTestHost({ console: ANY_PORT, rendererDirectory })
  const origin = test.host.console?.origin ?? ''
  const token = readFileSync(path.join(test.data, 'console-token'), 'utf8').trim()
  const api: Console['api'] = (method, target, body, headers = {}) =>
    fetch(`${origin}/api/v1${target}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  return { ...test, origin, token, rendererDirectory, api }
}

/** A request whose Host, path and method `fetch` would not send as they are. */
function raw(
  origin: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path: target, method, headers, setHost: !('host' in headers) }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('error', reject)
    request.end()
  })
}

describe('signing in', () => {
  test('a link is good once; its key opens the API', async () => {
    const { host, origin } = await startConsole()
    const link = new URL(host.console?.signInLink() ?? '')
    expect(link.origin).toBe(origin)
    const token = new URLSearchParams(link.hash.slice(1)).get('token')
    const exchange = (): Promise<Response> =>
      fetch(`${origin}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token }),
      })
    const first = await exchange()
    const { key } = (await first.json()) as { key: string }
    expect((await fetch(`${origin}/api/v1/config`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(200)
    const second = await exchange()
    expect(second.status).toBe(401)
    expect(((await second.json()) as { error: { message: string } }).error.message).toMatch(/already used or is too old/)
  })

  test('a fresh link can be had with the token', async () => {
    const { api, origin } = await startConsole()
    const { link } = (await (await api('POST', '/session/link')).json()) as { link: string }
    expect(link).toMatch(new RegExp(`^${origin}/#token=[\\w-]{43}$`))
  })

  test('without token or key every call is refused, and none says whether it exists', async () => {
    const { origin } = await startConsole()
    for (const [method, target] of [
      ['GET', '/config'],
      ['PUT', '/config'],
      ['GET', '/events'],
      ['GET', '/metrics'],
      ['POST', '/session/link'],
      ['GET', '/nothing'],
    ]) {
      const answer = await fetch(`${origin}/api/v1${target}`, { method: method ?? '' })
      expect([target, answer.status]).toEqual([target, 401])
    }
  })

  test('the token is 32 random bytes in a private file, and stays the same', async () => {
    const first = await startConsole()
    const file = path.join(first.data, 'console-token')
    expect(Buffer.from(first.token, 'base64url')).toHaveLength(32)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600)
    await first.stop()
    await startTestHost({ data: first.data, console: ANY_PORT })
    expect(readFileSync(file, 'utf8').trim()).toBe(first.token)
  })

  test('a form of another site cannot sign in', async () => {
    const { origin } = await startConsole()
    expect((await fetch(`${origin}/api/v1/session`, { method: 'POST', body: '{"token":"x"}' })).status).toBe(400)
  })
})

describe('pages of other sites', () => {
  test('that made their name point here are refused', async () => {
    const { origin, token } = await startConsole()
    const authorization = `Bearer ${token}`
    const { port } = new URL(origin)
    const foreign = ['evil.test', `evil.test:${port}`, `127.0.0.1.evil.test:${port}`, `localhost.evil.test`, `127.0.0.1@evil.test`]
    const odd = [
      '',
      ':',
      `10.0.0.1:${port}`,
      '0.0.0.0',
      '128.0.0.1',
      '127.1',
      '2130706433',
      '::1',
      '[::2]',
      '[::1]x',
      'localhost:',
      'localhost:70000',
    ]
    for (const host of [...foreign, ...odd]) {
      expect([host, (await raw(origin, '/api/v1/config', { host, authorization })).status]).toEqual([host, 403])
      expect([host, (await raw(origin, '/', { host })).status]).toEqual([host, 403])
    }
  })

  test('the console answers under every name of the loopback and on any port, as a tunnel has it (ssh -L 7071:127.0.0.1:7070)', async () => {
    const { origin, token } = await startConsole()
    const authorization = `Bearer ${token}`
    for (const host of [
      '127.0.0.1:7071',
      'localhost:7071',
      'LOCALHOST:7071',
      'localhost',
      '127.0.0.1',
      '127.3.2.1:8080',
      '[::1]:7071',
      '[::1]',
    ]) {
      const own = { host, authorization, origin: `http://${host.toLowerCase()}` }
      expect([host, (await raw(origin, '/api/v1/config', own)).status]).toEqual([host, 200])
      expect([host, (await raw(origin, '/api/v1/config', { ...own, origin: 'http://localhost:3000' })).status]).toEqual([host, 403])
      expect([host, (await raw(origin, '/', { host })).status]).toEqual([host, 200])
    }
    const { body } = await raw(origin, '/api/v1/session/link', { host: 'localhost:7071', authorization }, 'POST')
    expect(body).toMatch(/"http:\/\/localhost:7071\/#token=[\w-]{43}"/)
  })

  test('that call it are refused, with the token too', async () => {
    const { origin, api } = await startConsole()
    for (const foreign of ['http://evil.test', 'null', `https://${new URL(origin).host}`, 'http://127.0.0.1:1'])
      expect((await api('GET', '/config', undefined, { origin: foreign })).status).toBe(403)
    expect((await api('GET', '/config', undefined, { origin })).status).toBe(200)
    expect((await raw(origin, '/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403)
  })

  test('may link to it: the page itself opens', async () => {
    const { origin } = await startConsole()
    expect((await raw(origin, '/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).status).toBe(200)
  })
})

describe('the automation API', () => {
  test('gives the document with its revision as ETag, and takes it back on that condition', async () => {
    const { api } = await startConsole()
    const got = await api('GET', '/config')
    expect([got.headers.get('etag'), await got.json()]).toEqual(['"1"', documentWith()])
    const put = await api('PUT', '/config?by=script', documentWith({ wiki: 3000 }), { 'if-match': '"1"' })
    expect([put.status, put.headers.get('etag'), await put.json()]).toEqual([200, '"2"', { revision: '2', ended: 0, notes: [] }])
    const bare = await api('PUT', '/config', documentWith({ wiki: 3001 }), { 'if-match': '2' })
    expect(bare.status).toBe(200)
    const stale = await api('PUT', '/config', documentWith(), { 'if-match': '"1"' })
    expect([stale.status, await stale.json()]).toEqual([
      409,
      { error: { code: 'AR_CONFLICT', message: 'Someone else saved a change since this one was begun.', revision: '3' } },
    ])
    expect(((await (await api('GET', '/history')).json()) as { by: string }[]).map(({ by }) => by)).toEqual(['API', 'script', 'file'])
  })

  test('answers a document that is not valid with the bare list of what is wrong', async () => {
    const { api } = await startConsole()
    const put = await api('PUT', '/config', { version: 1, listeners: [{ id: 'web', port: 0 }], colour: 1 })
    expect(put.status).toBe(400)
    expect(await put.json()).toEqual([
      { path: 'listeners[0].port', message: 'choose a port from 1 to 65535' },
      { path: 'colour', message: expect.stringMatching(/^unknown key/) as string },
    ])
    const text = await api('PUT', '/config', '{"version":')
    expect([text.status, await text.json()]).toEqual([
      400,
      [{ path: '', message: expect.stringMatching(/^the body is not JSON/) as string }],
    ])
    const nothing = await api('PUT', '/config')
    expect(nothing.status).toBe(400)
    expect((await api('POST', '/config/check', { version: 1 }).then((answer) => answer.json())) as unknown).toEqual({
      issues: [],
      notes: [],
    })
  })

  test('has paths with parameters, queries, text, and says which methods there are', async () => {
    const { api } = await startConsole()
    expect((await api('GET', '/history/1').then((answer) => answer.json())) as unknown).toEqual(documentWith())
    expect((await api('GET', '/history/99')).status).toBe(404)
    expect((await api('GET', '/history/%E0%A4%A')).status).toBe(404)
    expect((await api('POST', '/history/1/restore')).status).toBe(200)
    expect((await api('GET', '/requests?limit=5')).status).toBe(200)
    expect((await api('GET', '/requests?limit=0')).status).toBe(400)
    const metrics = await api('GET', '/metrics')
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await metrics.text()).toContain('# TYPE astrorelay_engine_up gauge\nastrorelay_engine_up 1\n')
    const wrong = await api('DELETE', '/config')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, PUT'])
    for (const [method, target, allow] of [
      ['GET', '/session', 'POST'],
      ['GET', '/session/link', 'POST'],
      ['POST', '/events', 'GET'],
    ] as const) {
      const answer = await api(method, target)
      expect([target, answer.status, answer.headers.get('allow')]).toEqual([target, 405, allow])
    }
    expect((await api('GET', '/constructor')).status).toBe(404)
  })

  test('takes a large document and cuts off a flood', async () => {
    const { api, origin, token } = await startConsole()
    const large = documentWith(Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`s${at}`, 3_000 + at])))
    expect((await api('PUT', '/config', large)).status).toBe(200)
    const status = await new Promise<number>((resolve, reject) => {
      const request = http.request(
        `${origin}/api/v1/config`,
        { method: 'PUT', headers: { authorization: `Bearer ${token}` } },
        (response) => resolve(response.statusCode ?? 0),
      )
      request.on('error', reject)
      const block = Buffer.alloc(1024 * 1024, 32)
      for (let n = 0; n < 34; n++) request.write(block)
      request.end()
    })
    expect(status).toBe(413)
  })

  test('tells what happens as server-sent events', async () => {
    const { api } = await startConsole()
    const stream = await api('GET', '/events')
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await api('PUT', '/config', documentWith({ wiki: 3000 }))
    const text = await readUntil(stream, /event: config[^]*\n\n/)
    expect(text).toMatch(/event: config\ndata: \{"revision":"2","at":\d+,"by":"API","ended":0\}\n\n/)
  })
})

describe('the page', () => {
  test('comes with a policy that lets nothing run but its own files', async () => {
    const { origin } = await startConsole()
    const page = await fetch(origin)
    expect(await page.text()).toBe('<title>AstroRelay</title>')
    const headers = Object.fromEntries(page.headers)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    })
    expect(headers['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';.*frame-ancestors 'none'/)
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/)
    expect((await fetch(`${origin}/assets/app.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  })

  test('no other answer may run or be framed either, errors too', async () => {
    const { origin, api } = await startConsole()
    for (const answer of [
      await fetch(`${origin}/nothing.js`),
      await fetch(`${origin}/api/v1/config`),
      await api('GET', '/nothing'),
      await api('GET', '/status'),
    ]) {
      expect([answer.url, Object.fromEntries(answer.headers)]).toEqual([
        answer.url,
        expect.objectContaining({
          'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
          'x-frame-options': 'DENY',
          'x-content-type-options': 'nosniff',
        }),
      ])
    }
  })

  test('stays that of the gateway that runs when a later build replaces its files', async () => {
    const { origin, rendererDirectory } = await startConsole()
    rmSync(path.join(rendererDirectory, 'assets'), { recursive: true })
    writeFileSync(path.join(rendererDirectory, 'index.html'), '<title>Newer</title>')
    expect(await (await fetch(origin)).text()).toBe('<title>AstroRelay</title>')
    expect(await (await fetch(`${origin}/assets/app.js`)).text()).toBe('run()')
  })

  test('gives none but its own files', async () => {
    const { origin } = await startConsole()
    for (const target of [
      '/../console-token.txt',
      '/..%2f..%2fetc/passwd.txt',
      '/assets/../../config.json',
      '/assets/%2e%2e/%2e%2e/config.json',
      '/assets/app.js%00.html',
      '/nothing.js',
      '//etc/hosts.txt',
      '/C:\\boot.ini',
    ]) {
      expect([target, (await raw(origin, target)).status]).toEqual([target, 404])
    }
    expect((await raw(origin, '/', {}, 'POST')).status).toBe(405)
    expect(await raw(origin, '/services/wiki')).toMatchObject({ status: 200, body: '<title>AstroRelay</title>' })
  })
})

describe('where it listens', () => {
  test.each(['0.0.0.0', '::', '192.168.1.5', 'relay.lan'])('never on %s, which others could reach', async (host) => {
    await expect(startTestHost({ console: { host, port: 0, named: true } })).rejects.toThrow(
      `The console stays on this machine: ${host} is not a loopback address.`,
    )
  })

  test('a taken port that was named is an error, else the next one is used', async () => {
    const holder = createServer()
    const port = await freePort()
    await new Promise<void>((resolve) => void holder.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => void holder.close())
    await expect(startTestHost({ console: { host: '127.0.0.1', port, named: true } })).rejects.toThrow(
      `The console cannot use port ${port}: it is in use by another program.`,
    )
    const { host } = await startTestHost({ console: { host: '127.0.0.1', port, named: false } })
    expect(Number(new URL(host.console?.origin ?? '').port)).toBeGreaterThan(port)
  })

  test('is told to the command line in a file that goes with it', async () => {
    const { data, origin, stop } = await startConsole()
    const file = path.join(data, 'console.json')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ origin, pid: process.pid })
    await stop()
    expect(statSync(file, { throwIfNoEntry: false })).toBeUndefined()
    const { hostname, port } = new URL(origin)
    await expect(
      new Promise((resolve, reject) => void connect(Number(port), hostname).on('connect', resolve).on('error', reject)),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})
