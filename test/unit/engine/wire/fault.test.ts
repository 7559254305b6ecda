import { expect, test } from 'vitest'
import { describeFault, WireFault } from '../../../../proxy/engine/http/wire/fault'

const shown = (...lines: readonly string[]): string =>
  /“(.*)”/s.exec(describeFault(lines, new WireFault(lines.length - 1, 'a rule')))?.[1] ?? ''

test('a fault names its line as the wire counts it, and the rule', () => {
  expect(describeFault(['HTTP/1.1 200 OK', 'A: b'], new WireFault(1, 'a rule (RFC 9112 §5.1)'))).toBe(
    'line 2, “A: b”: a rule (RFC 9112 §5.1)',
  )
  expect(describeFault(['HTTP/1.1 200 OK', 'A: b'], new WireFault(1, 'a rule'), [1, 7])).toBe('line 7, “A: b”: a rule')
})

test('what is not visible is escaped, and long lines are cut', () => {
  expect(shown('Foo\x01: \t\xe9\x7f')).toBe('Foo\\u0001: \\u0009\\u00e9\\u007f')
  expect(shown(`X: ${'y'.repeat(90)}`)).toBe(`X: ${'y'.repeat(57)}…`)
})

test.each([
  'Authorization: Basic geheim',
  'Proxy-Authorization : geheim',
  'Cookie: a=geheim',
  'set-cookie: a=geheim',
  'X-Api-Key: geheim',
  'X_Auth_Token: geheim',
  'X-Password: geheim',
  'Session\x01Id: geheim',
  'Sec-WebSocket-Key: geheim',
])('of %j no more than the name is shown, nor of the lines that belong to it', (line) => {
  expect(shown('GET / HTTP/1.1', line)).toMatch(/: …$/)
  expect(shown('GET / HTTP/1.1', 'X: y', line)).not.toContain('geheim')
  expect(shown('GET / HTTP/1.1', line, ' geheim: a')).toBe('…')
  expect(shown('GET / HTTP/1.1', line, ' a', 'geheim')).toBe('…')
})

test.each([
  ['GET /a?token=geheim HTTP/1.1', 'GET /a?… HTTP/1.1'],
  ['GET http://eva:geheim@a.test/ HTTP/1.1', 'GET http://…@a.test/ HTTP/1.1'],
  ['Referer: http://a.test/?code=geheim\x01', 'Referer: http://a.test/?…'],
  ['X: y\nCookie: geheim', 'X: y\\u000a…'],
  ['X: y\rCookie: geheim', 'X: y\\u000d…'],
])('of %j what may be a secret is left out', (line, expected) => expect(shown(line)).toBe(expected))
