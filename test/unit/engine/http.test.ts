import { describe, expect, test } from 'vitest'
import { parseBackendUrl } from '../../../proxy/contract/backend-url'
import { parseAuthority } from '../../../proxy/engine/http/authority'
import { buildErrorAnswer } from '../../../proxy/engine/http/error-answer'
import { isNamed } from '../../../proxy/engine/http/hop-by-hop'
import { publicCookie, publicLocation, publicRefresh, type PublicView } from '../../../proxy/engine/http/public-view'
import { parseRequestPath, withoutSegments } from '../../../proxy/engine/route/request-path'

function view(backend: string, strippedPath = '/'): PublicView {
  const url = parseBackendUrl(backend)
  if (typeof url === 'string') throw new Error(url)
  return { backend: url, origin: 'http://wiki.lan:8080', strippedPath }
}

describe('a Location seen from outside', () => {
  test.each([
    ['http://10.0.0.5:9000', '/', 'http://10.0.0.5:9000/login', 'http://wiki.lan:8080/login'],
    ['http://app.lan', '/', 'HTTP://APP.LAN:80/x#y', 'http://wiki.lan:8080/x#y'],
    ['https://app.lan', '/', 'https://app.lan/x', 'http://wiki.lan:8080/x'],
    ['http://[::1]:9000', '/', 'http://[::1]:9000', 'http://wiki.lan:8080/'],
    ['http://app.lan:9000', '/', '//app.lan:9000/x', 'http://wiki.lan:8080/x'],
    ['http://app.lan:9000', '/', 'http://app.lan:9001/x', 'http://app.lan:9001/x'],
    ['http://app.lan:9000', '/', 'https://sso.example/x', 'https://sso.example/x'],
    ['http://app.lan:9000', '/', 'next', 'next'],
    ['http://app.lan/base', '/', '/base/x', '/x'],
    ['http://app.lan/base', '/', '/based', '/based'],
    ['http://app.lan/base', '/wiki', '/base', '/wiki/'],
    ['http://app.lan', '/wiki', '/?a=1', '/wiki/?a=1'],
    // What an application writes that knows its public path is there already.
    ['http://app.lan', '/wiki', '/wiki', '/wiki'],
    ['http://app.lan', '/wiki', '/wiki?a=1', '/wiki?a=1'],
    ['http://app.lan', '/wiki', '/wiki/login#x', '/wiki/login#x'],
    ['http://app.lan', '/wiki', '/wikis', '/wiki/wikis'],
    ['http://app.lan', '/wiki', '../x', '../x'],
    ['http://app.lan', '/wiki', '?page=2', '?page=2'],
    ['http://app.lan:9000', '/wiki', 'http://app.lan:9000/wiki/login', 'http://wiki.lan:8080/wiki/login'],
    ['http://app.lan:9000', '/wiki', 'http://wiki.lan:8080/wiki/login', 'http://wiki.lan:8080/wiki/login'],
    ['http://app.lan:9000', '/wiki', 'http://wiki.lan:8080/login', 'http://wiki.lan:8080/wiki/login'],
    ['http://app.lan:9000', '/wiki', '//WIKI.lan:8080/wiki', '//WIKI.lan:8080/wiki'],
    ['http://app.lan/wiki', '/wiki', '/wiki/login', '/wiki/login'],
    ['http://app.lan/wiki', '/wiki', '/wiki?a=1', '/wiki?a=1'],
    ['http://app.lan/wiki/v1', '/wiki', '/wiki/v1/x', '/wiki/x'],
    ['http://app.lan/base', '/wiki', '/wiki/x', '/wiki/x'],
    ['http://app.lan', '/b%C3%BCro', '/büro/x', '/büro/x'],
    ['http://app.lan', '/büro', '/x', '/b%C3%BCro/x'],
    ['http://app.lan/base', '/', '/base//evil.test', '/.//evil.test'],
  ])('backend %s below %s: %s becomes %s', (backend, stripped, location, expected) => {
    expect(publicLocation(location, view(backend, stripped))).toBe(expected)
  })
})

describe('a cookie seen from outside', () => {
  test.each([
    ['http://app.corp.lan', '/', 'a=1; Domain=.corp.lan; Path=/', 'a=1; Path=/'],
    ['http://app.corp.lan', '/', 'a=1; Domain=wiki.lan', 'a=1; Domain=wiki.lan'],
    [
      'http://app.lan',
      '/',
      'a=x=y; Expires=Thu, 01 Jan 2030 00:00:00 GMT; HttpOnly',
      'a=x=y; Expires=Thu, 01 Jan 2030 00:00:00 GMT; HttpOnly',
    ],
    ['http://app.lan/base', '/', 'a=1; path=/base', 'a=1; Path=/'],
    ['http://app.lan', '/wiki', 'a=1; Path=/; Secure', 'a=1; Path=/wiki; Secure'],
    ['http://app.lan', '/wiki', 'a=1; Path=/wiki', 'a=1; Path=/wiki'],
    ['http://app.lan', '/wiki', 'a=1; Path=/wiki/', 'a=1; Path=/wiki/'],
    ['http://app.lan', '/wiki', 'a=1; Path=/wikis', 'a=1; Path=/wiki/wikis'],
  ])('backend %s below %s: %s becomes %s', (backend, stripped, cookie, expected) => {
    expect(publicCookie(cookie, view(backend, stripped))).toBe(expected)
  })
})

test.each([
  ['3; URL=http://app.lan/x', '3; URL=http://wiki.lan:8080/wiki/x'],
  ['0;/login', '0;/wiki/login'],
  ['0, "/login"', '0, "/wiki/login"'],
  ["1.5 url='/wiki/login'", "1.5 url='/wiki/login'"],
  ['5', '5'],
])('the Refresh %s becomes %s', (value, expected) => {
  expect(publicRefresh(value, view('http://app.lan', '/wiki'))).toBe(expected)
})

test('Connection cannot take away what addresses or frames a message', () => {
  expect(['Host', 'Cookie', 'Via', 'X-Own'].map((name) => isNamed(new Set(['host', 'cookie', 'via', 'x-own']), name))).toEqual([
    false,
    false,
    false,
    true,
  ])
})

test.each([
  ['Wiki.LAN.', 'wiki.lan', null],
  ['a:81', 'a', 81],
  ['[::1]:80', '::1', 80],
  ['[2001:db8::1]', '2001:db8::1', null],
])('the host of %s is %s', (text, host, port) => {
  expect(parseAuthority(text)).toMatchObject({ host, port })
})
test.each(['', 'a b', 'a@b', 'a:b', 'a:99999', '[::1', 'a/b', '0x7f.1', 'a,b'])('“%s” is no host', (text) => {
  expect(parseAuthority(text)).toBeNull()
})

test.each(['/x#y', 'x', '/a b', '/%00', '/x/%00.html', '/\x7f', '/a\nb'])('no server is given the target %j', (target) => {
  expect(parseRequestPath(target)).toBeNull()
})

test.each([
  ['/dav/Icon%0D', '/dav/Icon\r', '/dav/Icon'],
  ['/a%0Ab%09c%7F', '/a\nb\tc\x7f', '/abc'],
  ['/%20x%20/y', '/ x /y', '/x/y'],
  ['/a/.%0a./b', '/a/.\n./b', '/b'],
])('the path %s is read plainly as %j, and by the most lenient server as %s', (path, plain, lenient) => {
  expect(parseRequestPath(path)).toEqual({ raw: path, query: '', plain, lenient })
})

test('segments are taken off as they came', () => {
  expect(['/api', '/api/', '/api/x%2Fy', '/%61pi//z'].map((path) => withoutSegments(path, 1))).toEqual(['/', '/', '/x%2Fy', '//z'])
})

test.each([
  [undefined, 'text/html'],
  ['*/*', 'text/html'],
  ['text/html,application/json', 'text/html'],
  ['application/json, text/html', 'application/json'],
  ['application/problem+json', 'application/json'],
  ['text/html;q=0.5, application/json', 'application/json'],
  ['application/json;q=0.2, text/html;q=0.9', 'text/html'],
  ['application/json;q=0', 'text/html'],
])('the error answer to a client that accepts %s is %s', (accept, type) => {
  expect(buildErrorAnswer('AR_NO_SERVICE', 'ref', accept).headers[1]?.split(';')[0]).toBe(type)
})
