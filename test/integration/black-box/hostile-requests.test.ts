import { beforeAll, describe, expect, test } from 'vitest'
import { buildOnce } from '../../support/build-once'
import { startBackend } from '../../support/echo-backend'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'
import { expose, PLAIN_ANSWER, rawBackend, service } from './exposed'

beforeAll(buildOnce, 120_000)

const CHUNKED = 'Transfer-Encoding: chunked\r\n'
/** Requests that two parsers read differently: RFC 9112 §2.2, §3.2, §5.1, §5.2, §6.1, §6.3. */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  'Content-Length and Transfer-Encoding': `POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n${CHUNKED}\r\n0\r\n\r\n`,
  'two different Content-Lengths': 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd',
  'a Content-Length with a sign': 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: +3\r\n\r\nabc',
  'a Content-Length in hexadecimal': 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0x3\r\n\r\nabc',
  'a coding after chunked': 'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
  'a coding that only looks like chunked': 'POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
  'chunked twice': `POST / HTTP/1.1\r\nHost: a.test\r\n${CHUNKED}${CHUNKED}\r\n0\r\n\r\n`,
  'chunked in HTTP/1.0': `POST / HTTP/1.0\r\nHost: a.test\r\n${CHUNKED}\r\n0\r\n\r\n`,
  'a blank before the colon': 'GET / HTTP/1.1\r\nHost: a.test\r\nX-A : 1\r\n\r\n',
  'a folded line': 'GET / HTTP/1.1\r\nHost: a.test\r\nX-A: 1\r\n 2\r\n\r\n',
  'bare line feeds': 'GET / HTTP/1.1\nHost: a.test\n\n',
  'a bare line feed in the head': 'GET / HTTP/1.1\r\nHost: a.test\r\nX-A: 1\nX-B: 2\r\n\r\n',
  'a bare carriage return': 'GET / HTTP/1.1\r\nHost: a.test\r\nX-A: 1\rX-B: 2\r\n\r\n',
  'a NUL in a value': 'GET / HTTP/1.1\r\nHost: a.test\r\nX-A: 1\0\r\n\r\n',
  'no Host': 'GET / HTTP/1.1\r\n\r\n',
  'two Hosts': 'GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n',
  'a Host with a path': 'GET / HTTP/1.1\r\nHost: a.test/b\r\n\r\n',
  'a Host with a user': 'GET / HTTP/1.1\r\nHost: x@a.test\r\n\r\n',
}

describe('what a client sends', () => {
  test('that can be read in two ways is answered 400 once, closed, and none of it reaches a backend', async () => {
    const backend = await rawBackend(PLAIN_ANSWER)
    const { port } = await expose([service('a', backend.url)])
    const answers: Record<string, number[]> = {}
    for (const [name, request] of Object.entries(AMBIGUOUS)) {
      answers[name] = [...(await sendRaw(port, request)).text.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map((match) => Number(match[1]))
    }
    expect(answers).toEqual(Object.fromEntries(Object.keys(AMBIGUOUS).map((name) => [name, [400]])))
    expect(backend.got).toEqual([])
  })

  test('with a broken chunk never looks complete to the backend', async () => {
    const backend = await rawBackend('', 'stay')
    const { port } = await expose([service('a', backend.url)])
    for (const body of ['3\r\nabc\r\nzz\r\n', '3\r\nabcX\r\n0\r\n\r\n', '3;a\nb\r\nabc\r\n0\r\n\r\n', '3\r\nabc\r\n0\r\nX Y: 1\r\n\r\n']) {
      expect((await sendRaw(port, `POST / HTTP/1.1\r\nHost: a.test\r\n${CHUNKED}\r\n${body}`)).status, JSON.stringify(body)).toBe(400)
    }
    for (const bytes of backend.got) expect(bytes).not.toMatch(/\r\n0\r\n/)
  })

  test('in more header fields than Node keeps loses neither body nor fields, or is refused', async () => {
    const backend = await startBackend()
    const { port } = await expose([service('a', backend.url)])
    const many = Array.from({ length: 2_100 }, (_, at) => `X${at}: 1\r\n`).join('')
    const { status, body } = await sendRaw(
      port,
      `POST / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n${many}X-Last: 1\r\nContent-Length: 3\r\n\r\nabc`,
    )
    if (status !== 431) expect(JSON.parse(body)).toMatchObject({ bodyBytes: 3, headers: { 'x-last': '1' } })
    await backend.stop()
  })

  test('to no particular resource arrives as OPTIONS * (RFC 9112 §3.2.4)', async () => {
    const backend = await rawBackend(PLAIN_ANSWER)
    const { port } = await expose([service('a', backend.url)])
    await sendRaw(port, 'OPTIONS * HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n')
    expect(backend.got[0]).toMatch(/^OPTIONS \* HTTP\/1\.1\r\n/)
  })

  test('in header bytes beyond ASCII arrives byte for byte, with and without a body', async () => {
    const backend = await rawBackend(PLAIN_ANSWER)
    const { port } = await expose([service('a', backend.url)])
    const fields = 'Host: a.test\r\nConnection: close\r\nX-Name: \xe9-\xc3\xa9\r\n'
    await sendRaw(port, Buffer.from(`GET / HTTP/1.1\r\n${fields}\r\n`, 'latin1'))
    await sendRaw(port, Buffer.from(`POST / HTTP/1.1\r\n${fields}Content-Length: 2\r\n\r\nhi`, 'latin1'))
    expect(backend.got.map((text) => /x-name: ([^\r]*)/i.exec(text)?.[1])).toEqual(['\xe9-\xc3\xa9', '\xe9-\xc3\xa9'])
  })

  test('with Expect: 100-continue is up to the backend, which may refuse before the body is sent (RFC 9110 §10.1.1)', async () => {
    const backend = await rawBackend('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n')
    const { port } = await expose([service('a', backend.url)])
    const socket = await openRaw(port, 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n')
    expect(await readUntil(socket, (text) => /HTTP\/1\.1 [2-5]/.test(text) && text.includes('\r\n\r\n'))).toMatch(/^HTTP\/1\.1 417 /)
    expect(backend.got[0]).toMatch(/\r\nexpect: 100-continue\r\n/i)
    socket.destroy()
  })

  test('about itself is dropped, and the forwarding headers agree with each other behind a trusted proxy', async () => {
    const backend = await rawBackend(PLAIN_ANSWER)
    const forged = 'X-Forwarded-For: 9.9.9.9, 8.8.8.8\r\nX_Forwarded_For: 7.7.7.7\r\nConnection: close, X-Forwarded-For\r\n'
    const untrusting = await expose([service('a', backend.url)])
    await sendRaw(untrusting.port, `GET / HTTP/1.1\r\nHost: a.test\r\n${forged}\r\n`)
    expect(backend.got[0]).toMatch(/\r\nX-Forwarded-For: 127\.0\.0\.1\r\n/i)
    expect(backend.got[0]).not.toMatch(/[987]\.[987]\.[987]\.[987]/)
    const trusting = await expose([service('a', backend.url)], { trustedProxies: ['127.0.0.1'] })
    await sendRaw(
      trusting.port,
      'GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nX-Forwarded-For: 9.9.9.9, 8.8.8.8\r\nX-Forwarded-Proto: https\r\n\r\n',
    )
    expect(backend.got[1]).toMatch(/\r\nX-Forwarded-For: 9\.9\.9\.9, 8\.8\.8\.8, 127\.0\.0\.1\r\n/i)
    expect(backend.got[1]).toMatch(/\r\nX-Real-IP: 8\.8\.8\.8\r\n/i)
    const forwarded = /\r\nForwarded: ([^\r]*)/i.exec(backend.got[1] ?? '')?.[1]
    if (forwarded !== undefined) expect(forwarded).toMatch(/8\.8\.8\.8/)
  })
})

test('no spelling of a path slips past the rules of a stricter service', async () => {
  const open = await rawBackend(PLAIN_ANSWER)
  const secret = await rawBackend(PLAIN_ANSWER)
  const { port } = await expose([
    service('p', open.url),
    service('admin', secret.url, { hosts: ['p.test'], path: '/admin', access: { rules: [{ action: 'deny', from: 'anyone' }] } }),
  ])
  const spellings = [
    '/admin',
    '/admin/',
    '//admin',
    '/./admin',
    '/x/../admin',
    '/x/%2e%2e/admin',
    '/x/%2E./admin',
    '/%61dmin',
    '/%2fadmin',
    '/x%2f..%2fadmin',
    '/x/..%5cadmin',
    '/x\\..\\admin',
    '/x/..;a=b/admin',
    '/admin;x=1',
    '/;/admin',
    '/x//../admin',
    '/admin%2f',
    '/admin?x',
    '/admin/../x',
    'http://p.test/admin',
    'http://p.test//admin',
  ]
  const passed: string[] = []
  for (const spelling of spellings) {
    const { status } = await sendRaw(port, `GET ${spelling} HTTP/1.1\r\nHost: p.test\r\nConnection: close\r\n\r\n`)
    if (status !== 403 && status !== 400) passed.push(`${spelling}: ${status}`)
  }
  expect(passed).toEqual([])
  expect([open.got, secret.got]).toEqual([[], []])
  expect((await sendRaw(port, 'GET /adminx HTTP/1.1\r\nHost: p.test\r\nConnection: close\r\n\r\n')).status).toBe(200)
})
