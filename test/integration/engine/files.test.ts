import { chmodSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { hashPassword } from '../../../proxy/host/hash-password'
import { ask } from '../../support/ask'
import { hostFolder } from '../../support/hosted-folder'
import { sendRaw } from '../../support/raw-client'

const get = (target: string, more = '', method = 'GET'): string => `${method} ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`

test('a file comes whole, with its type, its length and the day it was changed', async () => {
  const { port } = await hostFolder({ 'a.txt': 'grüße' })
  const answer = await ask(port, '/a.txt')
  expect([answer.status, answer.text]).toEqual([200, 'grüße'])
  expect(answer.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '7',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
  })
  expect(answer.headers['last-modified']).toMatch(/ GMT$/)
  expect(answer.headers.etag).toMatch(/^"[^"]+"$/)
})

test.each([
  ['a.html', 'text/html; charset=utf-8'],
  ['a.HTML', 'text/html; charset=utf-8'],
  ['a.css', 'text/css; charset=utf-8'],
  ['a.js', 'text/javascript; charset=utf-8'],
  ['a.mjs', 'text/javascript; charset=utf-8'],
  ['a.json', 'application/json; charset=utf-8'],
  ['a.svg', 'image/svg+xml; charset=utf-8'],
  ['a.md', 'text/markdown; charset=utf-8'],
  ['a.csv', 'text/csv; charset=utf-8'],
  ['a.xml', 'text/xml; charset=utf-8'],
  ['a.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['a.png', 'image/png'],
  ['a.pdf', 'application/pdf'],
  ['a.webm', 'video/webm'],
  ['a.mp4', 'video/mp4'],
  ['a.wasm', 'application/wasm'],
  ['a.woff2', 'font/woff2'],
  ['a.tar.gz', 'application/gzip'],
  ['a.unheard-of', 'application/octet-stream'],
  ['README', 'application/octet-stream'],
  ['html', 'application/octet-stream'],
  ['x.y/js', 'application/octet-stream'],
])('%s is told as %s', async (name, type) => {
  const { port } = await hostFolder({ [name]: 'x' })
  expect((await ask(port, `/${name}`)).headers['content-type']?.replace('application/xml', 'text/xml')).toBe(type)
})

test('HEAD has the fields of GET and no body, for files, folders, redirects and what is not there', async () => {
  const { port } = await hostFolder({ 'a.txt': 'hello', 'sub/b.txt': 'x' }, { listing: true })
  for (const target of ['/a.txt', '/', '/sub', '/sub/', '/none']) {
    const [whole, head] = [await ask(port, target), await ask(port, target, { method: 'HEAD' })]
    const comparable = ({ rawHeaders }: typeof head): string => JSON.stringify(rawHeaders).replace(/"(Date|X-Request-ID)","[^"]*"/g, '')
    if (target === '/none') expect([head.status, head.text]).toEqual([404, ''])
    else expect([head.status, head.text, comparable(head)]).toEqual([whole.status, '', comparable(whole)])
  }
})

test('an empty file is a whole answer of no bytes', async () => {
  const { port } = await hostFolder({ 'empty.txt': '' })
  const answer = await ask(port, '/empty.txt')
  expect([answer.status, answer.headers['content-length'], answer.text, answer.complete]).toEqual([200, '0', '', true])
})

test.each([
  'a b.txt',
  'Übersicht.txt',
  'naïve–日本.txt',
  '100%.txt',
  'a#b.txt',
  'a?b.txt',
  'a&b=c.txt',
  '%41.txt',
  'semi;colon.txt',
  'plus+.txt',
  "it's.txt",
  'a"b.txt',
  '~tilde',
  'a:b',
  '...',
  'a..b',
])('a file called %s is found under its name', async (name) => {
  const { port } = await hostFolder({ [name]: name }, { dotFiles: true })
  const answer = await ask(port, `/${encodeURIComponent(name)}`)
  expect([answer.status, answer.text]).toEqual([200, name])
})

test('letters beyond ASCII that come unescaped are no valid address (RFC 9112 §3.2)', async () => {
  const { port } = await hostFolder({ 'Übersicht.txt': 'da' })
  for (const encoding of ['utf8', 'latin1'] as const)
    expect((await sendRaw(port, Buffer.from(get('/Übersicht.txt', 'Connection: close\r\n'), encoding))).status).toBe(400)
})

test('a folder is answered by its index, the first of those named that is there', async () => {
  const { port } = await hostFolder(
    { 'a/index.html': 'the usual', 'b/start.htm': 'second', 'b/index.html': 'third' },
    { index: ['default.htm', 'start.htm', 'index.html'] },
  )
  expect([(await ask(port, '/a/')).text, (await ask(port, '/b/')).text]).toEqual(['the usual', 'second'])
  expect((await ask(port, '/b/')).headers['content-type']).toBe('text/html; charset=utf-8')
  expect((await ask(port, '/')).status).toBe(404)
})

test('a folder without its slash is sent on to the one with it, query and spelling kept', async () => {
  const { port } = await hostFolder({ 'sub/ä b/index.html': 'x', 'javascript:alert(1)/index.html': 'y' })
  for (const [target, resolved] of [
    ['/sub', '/sub/'],
    ['/sub?x=1&y=%2F', '/sub/?x=1&y=%2F'],
    ['/sub/%C3%A4%20b?q', '/sub/%C3%A4%20b/?q'],
    ['/javascript:alert(1)', '/javascript:alert(1)/'],
  ] as const) {
    const answer = await ask(port, target)
    expect([answer.status, answer.text]).toEqual([308, ''])
    const location = new URL(answer.headers.location ?? '', `http://a${target}`)
    expect(location.origin + location.pathname + location.search).toBe(`http://a${resolved}`)
  }
})

test.each(['/none', '/none/', '/a.txt/', '/a.txt/b', '/sub/none', '/sub/../a.txt', '/SUB/../../x'])(
  'what is not there is 404, not something else: %s',
  async (target) => {
    const { port } = await hostFolder({ 'a.txt': 'x', 'sub/b.txt': 'x' })
    expect([400, 404]).toContain((await ask(port, target)).status)
  },
)

test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND', 'MKCOL'])(
  '%s is refused, with what is allowed instead',
  async (method) => {
    const { gateway, port, root } = await hostFolder({ 'a.txt': 'x' })
    const answer = await ask(port, '/a.txt', { method, ...(method === 'OPTIONS' ? {} : { body: 'changed' }) })
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD'])
    expect((await ask(port, '/a.txt')).text).toBe('x')
    expect((await gateway.rows()).find((row) => row.method === method)).toMatchObject({ status: 405, error: 'AR_METHOD_REFUSED' })
    expect(root).not.toBe('')
  },
)

test('a service at a path takes it off, and is no other folder’s', async () => {
  const { port } = await hostFolder({ 'index.html': 'home', 'a.txt': 'a', 'docs/inner.txt': 'inner' }, { path: '/docs', listing: true })
  const texts: string[] = []
  for (const target of ['/docs/', '/docs/a.txt', '/docs/docs/inner.txt', '/%64ocs/a.txt']) texts.push((await ask(port, target)).text)
  expect(texts).toEqual(['home', 'a', 'inner', 'a'])
  for (const target of ['/', '/a.txt', '/docsx/a.txt']) expect((await ask(port, target)).status).toBe(404)
})

test('a service at a path without its slash is sent on, so that links within its page lead right', async () => {
  const { port } = await hostFolder({ 'index.html': '<a href="a.txt">' }, { path: '/team/docs' })
  const answer = await ask(port, '/team/docs?x=1')
  expect([answer.status, new URL(answer.headers.location ?? '', 'http://a/team/docs?x=1').href]).toEqual([308, 'http://a/team/docs/?x=1'])
})

test('the folder of a service at a path tells its own names, whatever the path is spelt like', async () => {
  const { port } = await hostFolder({ 'ä/x.txt': '' }, { path: '/%ff', listing: true })
  for (const target of ['/%ff/', '/%ff/%C3%A4/', '/%FF/%C3%A4/']) expect((await ask(port, target)).status).toBe(200)
  expect((await ask(port, '/%ff/%C3%A4/')).text).toContain('<title>/%ff/ä/</title>')
})

test('the fields of answers are changed as for any service', async () => {
  const { port } = await hostFolder(
    { 'a.txt': 'x' },
    { headers: { response: { set: { 'Cache-Control': 'max-age=60' }, remove: ['ETag'] } } },
  )
  const { headers } = await ask(port, '/a.txt')
  expect([headers['cache-control'], headers.etag, headers['content-length']]).toEqual(['max-age=60', undefined, '1'])
})

test('access rules, the block list and passwords hold for files as for any service', async () => {
  const { gateway, port, root } = await hostFolder(
    { 'a.txt': 'secret' },
    { access: { rules: [{ action: 'allow', from: '127.0.0.1' }], default: 'deny' } },
  )
  expect((await ask(port, '/a.txt')).status).toBe(200)
  const refused = await ask(port, '/a.txt', { localAddress: '127.0.0.2' })
  expect([refused.status, refused.text.includes('secret')]).toEqual([403, false])
  await gateway.load({
    version: 1,
    listeners: [{ id: 'web', address: '127.0.0.1', port }],
    services: [{ id: 'manuals', type: 'files', root }],
    blocked: [{ from: '127.0.0.3' }],
  })
  expect((await ask(port, '/a.txt', { localAddress: '127.0.0.3' })).status).toBe(403)
  await gateway.serve({ id: 'manuals', type: 'files', root, basicAuth: { users: [{ name: 'anna', hash: await hashPassword('geheim') }] } })
  const asked = await ask(port, '/a.txt')
  expect([asked.status, asked.text.includes('secret'), asked.headers['www-authenticate']?.startsWith('Basic ')]).toEqual([401, false, true])
  expect((await ask(port, '/a.txt', { auth: 'anna:geheim' })).text).toBe('secret')
})

test('in maintenance its page is shown in place of files', async () => {
  const { port } = await hostFolder({ 'a.txt': 'x' }, { maintenance: { mode: 'on', message: 'Back at noon.' } })
  const answer = await ask(port, '/a.txt', { headers: { accept: 'text/html' } })
  expect([answer.status, answer.text.includes('Back at noon.')]).toEqual([503, true])
})

test('each request has its row, and its bytes are counted', async () => {
  const { gateway, port } = await hostFolder({ 'a.txt': 'x'.repeat(100_000) })
  await ask(port, '/a.txt')
  await ask(port, '/a.txt', { headers: { range: 'bytes=0-9' } })
  await ask(port, '/a.txt', { method: 'HEAD' })
  const {
    headers: { etag = '' },
  } = await ask(port, '/a.txt', { headers: { range: 'bytes=0-0' } })
  await ask(port, '/a.txt', { headers: { 'if-none-match': etag } })
  const missing = await ask(port, '/none')
  const rows = await gateway.rows()
  expect(rows.map(({ status, bytesOut }) => [status, bytesOut]).toReversed()).toEqual([
    [200, 100_000],
    [206, 10],
    [200, 0],
    [206, 1],
    [304, 0],
    [404, Buffer.byteLength(missing.text)],
  ])
  expect(rows.at(-1)).toMatchObject({
    service: 'manuals',
    backend: null,
    method: 'GET',
    path: '/a.txt',
    error: null,
    reason: null,
    endedBy: 'gateway',
    client: '127.0.0.1',
  })
  expect(rows[0]).toMatchObject({ service: 'manuals', error: 'AR_NO_SERVICE', reason: 'there is no such file' })
  const [service] = (await gateway.status()).services
  expect(service).toMatchObject({
    type: 'files',
    state: 'online',
    reason: null,
    backends: [],
    traffic: { requests: 6, inFlight: 0, failed: 0, bytesOut: 100_011 + Buffer.byteLength(missing.text) },
  })
})

test('a folder without an index shows nothing of what is in it', async () => {
  const { port } = await hostFolder({ 'sub/hidden-name.txt': 'x' })
  const answer = await ask(port, '/sub/')
  expect([answer.status, answer.text.includes('hidden-name')]).toEqual([404, false])
})

test('an index that may not be read is passed over', async () => {
  const { port, root } = await hostFolder({ 'a/index.html/x': 'a folder of that name' }, { listing: true })
  chmodSync(path.join(root, 'a/index.html'), 0o755)
  expect((await ask(port, '/a/')).text).toContain('index.html/')
})
