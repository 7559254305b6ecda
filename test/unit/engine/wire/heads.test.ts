import { describe, expect, test } from 'vitest'
import { fieldKind, FieldKind } from '../../../../proxy/engine/http/wire/field-kind'
import { findBadByte, findHeadEnd } from '../../../../proxy/engine/http/wire/head-end'
import { parseRequestHead } from '../../../../proxy/engine/http/wire/request-head-parser'
import { parseLooseResponseHead, parseResponseHead } from '../../../../proxy/engine/http/wire/response-head-parser'

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')
const request = (text: string) => parseRequestHead(bytes(text), 0, text.length)
const response = (text: string) => parseResponseHead(bytes(text), 0, text.length) ?? parseLooseResponseHead(bytes(text), 0, text.length)

test('a request’s head is taken apart as it stands', () => {
  expect(
    request('POST /a?b HTTP/1.1\r\nHost: A:1\r\nX-Two:\t a b \t\r\nx-two:\r\nContent-Length: 007\r\nConnection: close, X-Two\r\n\r\n'),
  ).toMatchObject({
    ok: true,
    method: 'POST',
    target: '/a?b',
    minor: 1,
    body: 'length',
    length: 7,
    keepAlive: false,
    upgrade: null,
    lines: {
      fields: ['Host', 'A:1', 'X-Two', 'a b', 'x-two', '', 'Content-Length', '007', 'Connection', 'close, X-Two'],
      host: 'A:1',
      connection: new Set(['x-two']),
    },
  })
})

test('a connection goes on as its version and Connection say', () => {
  const heads = [
    '1.1\r\nHost: a',
    '1.1\r\nHost: a\r\nConnection: Close',
    '1.0',
    '1.0\r\nConnection: Keep-Alive',
    '1.0\r\nConnection: keep-alive\r\nConnection: close',
  ]
  expect(heads.map((head) => request(`GET / HTTP/${head}\r\n\r\n`))).toMatchObject(
    [true, false, false, true, false].map((keepAlive) => ({ keepAlive })),
  )
})

test('an upgrade is offered only where Connection says so too', () => {
  expect(request('GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n\r\n')).toMatchObject({
    upgrade: 'websocket',
  })
  expect(request('GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n')).toMatchObject({ upgrade: null })
})

describe('no request is', () => {
  test.each([
    ['a target with a blank', 'GET /a b HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a target with a fragment', 'GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a target beyond ASCII', 'GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['two blanks in the request line', 'GET  / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a tab in the request line', 'GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a blank after the version', 'GET / HTTP/1.1 \r\nHost: a\r\n\r\n'],
    ['a method that is no token', 'GE(T / HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a version in small letters', 'GET / http/1.1\r\nHost: a\r\n\r\n'],
    ['no version', 'GET /\r\nHost: a\r\n\r\n'],
    ['a blank before the first field', 'GET / HTTP/1.1\r\n Host: a\r\n\r\n'],
    ['a field without a colon', 'GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n'],
    ['a field without a name', 'GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n'],
    ['a DEL in a value', 'GET / HTTP/1.1\r\nHost: a\r\nX: \x7f\r\n\r\n'],
    ['the same length twice', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n'],
    ['a list of lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n'],
    ['an empty length', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n'],
    ['a length beyond exact numbers', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9007199254740993\r\n\r\n'],
    ['a coding before chunked', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n'],
    ['a quoted coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "chunked"\r\n\r\n'],
    ['a coding with a vertical tab', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \x0bchunked\r\n\r\n'],
    ['an empty coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n'],
  ])('%s', (_, text) => {
    expect(request(text)).toMatchObject({ ok: false, kind: 'malformed' })
  })

  test('another version of HTTP, which is told apart', () => {
    expect(['2.0', '1.2', '0.9'].map((version) => request(`GET / HTTP/${version}\r\nHost: a\r\n\r\n`))).toMatchObject([
      { kind: 'version' },
      { kind: 'version' },
      { kind: 'version' },
    ])
  })
})

test('an answer’s head is taken apart as it stands', () => {
  expect(response('HTTP/1.1 404 Not \xe9\r\nTransfer-Encoding: Chunked\r\n\r\n')).toMatchObject({
    ok: true,
    status: 404,
    reason: 'Not \xe9',
    minor: 1,
    body: 'chunked',
    keepAlive: true,
  })
  expect(response('HTTP/1.0 200\r\n\r\n')).toMatchObject({ ok: true, status: 200, reason: '', minor: 0, body: 'close', keepAlive: false })
})

test.each([
  ['another protocol', 'ICY 200 OK\r\n\r\n'],
  ['another version', 'HTTP/2.0 200 OK\r\n\r\n'],
  ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
  ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
  ['a status below 100', 'HTTP/1.1 099 OK\r\n\r\n'],
  ['a bare CR in the reason', 'HTTP/1.1 200 O\rK\r\n\r\n'],
  ['a length and chunks', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'],
  ['chunks in HTTP/1.0', 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'],
])('no answer is one with %s', (_, text) => {
  expect(response(text)).toMatchObject({ ok: false })
})

test('names that claim an identity are known in any spelling, and others are left alone', () => {
  expect(['X-Forwarded-For', 'x_forwarded_for', 'X-FORWARDED-ANYTHING', 'X_Real-IP', 'Forwarded', 'X-Original-URL'].map(fieldKind)).toEqual(
    Array.from({ length: 6 }, () => FieldKind.identity),
  )
  expect(['X-Forward', 'X-Real-IPs', 'Forwarder', 'Content_Length', 'Cookie2', 'X'].map(fieldKind)).toEqual(
    Array.from({ length: 6 }, () => FieldKind.other),
  )
  expect(['HOST', 'transfer-ENCODING', 'Via'].map(fieldKind)).toEqual([FieldKind.host, FieldKind.transferEncoding, FieldKind.hidden])
})

test.each([
  'Remote-User',
  'REMOTE_USER',
  'remote.groups',
  'Remote-Email',
  'Remote-Name',
  'X-Remote-User',
  'X_Remote_Group',
  'X-Forwarded-User',
  'X-Forwarded-Preferred-Username',
  'X-Auth-Request-User',
  'X-AUTH-REQUEST-EMAIL',
  'X_Auth_Request_Access_Token',
  'X-authentik-username',
  'X-WebAuth-User',
  'X-WEBAUTH-GROUPS',
  'Cf-Access-Jwt-Assertion',
  'CF_Access_Authenticated_User_Email',
  'Tailscale-User-Login',
  'Tailscale-User-Profile-Pic',
  'X-Goog-IAP-JWT-Assertion',
  'X-Goog-Authenticated-User-Email',
  'X-Amzn-Oidc-Data',
  'X-MS-CLIENT-PRINCIPAL',
  'X-MS-CLIENT-PRINCIPAL-NAME',
  'X-Pomerium-Jwt-Assertion',
  'X-Vouch-User',
  'X-SSL-Client-Verify',
  'SSL_CLIENT_S_DN',
  'X-Client-Cert',
])('%s says who has signed in, as only a proxy may', (name) => {
  expect(fieldKind(name)).toBe(FieldKind.identity)
})

test.each([
  'Remote',
  'Remoteness',
  'X-Requested-With',
  'X-Auth-Token',
  'X-Authorization',
  'X-Api-Key',
  'Tailscale-Version',
  'X-Web',
  'X-User-Agent',
  'CF-Ray',
])('%s says nothing of the kind', (name) => {
  expect(fieldKind(name)).toBe(FieldKind.other)
})

test('the end of a head is found however late the search begins, and what can be none is known early', () => {
  const head = bytes('GET / HTTP/1.1\r\nHost: a\r\n\r\nrest')
  const end = head.length - 'rest'.length
  for (let from = 0; from <= end - 4; from++) expect(findHeadEnd(head, from, head.length)).toBe(end)
  for (let length = 0; length < end; length++)
    for (let from = 0; from <= length; from++) expect(findBadByte(head, 0, from, length, false), `${from} to ${length}`).toBe(-1)
  expect(['GET / HTTP/1.1\n', 'GET /\rX', '\x16\x03\x01', '\n'].map((text) => findBadByte(bytes(text), 0, 0, text.length, false))).toEqual([
    14, 5, 0, 0,
  ])
})
