import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { sendRaw } from '../../support/raw-client'

let gateway: Gateway
let backend: TestBackend
beforeEach(async () => {
  backend = await startBackend()
  gateway = await startGateway()
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backend.url }] })
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

describe('the row of a refused request shows what came', () => {
  test.each([
    ['a path with a NUL', 'GET /a/%00?key=1 HTTP/1.1\r\nHost: wiki.test\r\n\r\n', 'GET', 'wiki.test', '/a/%00'],
    ['a Host that is none', 'GET /x HTTP/1.1\r\nHost: a/b\xe9\r\n\r\n', 'GET', 'a/b\\xe9', '/x'],
    ['two Hosts', 'GET /x HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n', 'GET', 'a.test', '/x'],
    ['no Host', 'GET /x HTTP/1.1\r\n\r\n', 'GET', '', '/x'],
    ['CONNECT', 'CONNECT mail.test:25 HTTP/1.1\r\nHost: mail.test:25\r\n\r\n', 'CONNECT', 'mail.test:25', 'mail.test:25'],
    ['an absolute target that is none', 'GET http://u:pass@a/x?k=1 HTTP/1.1\r\nHost: b\r\n\r\n', 'GET', 'b', 'http://@a/x'],
    ['another scheme', 'GET ftp://a/x HTTP/1.1\r\nHost: b\r\n\r\n', 'GET', 'b', 'ftp://a/x'],
    ['another version', 'GET /x?y HTTP/2.0\r\nHost: b\r\n\r\n', 'GET', 'b', '/x'],
    ['a field that is none', 'PUT /x HTTP/1.1\r\nX Y: 1\r\nHost: b\r\n\r\n', 'PUT', 'b', '/x'],
    ['blanks in the target', 'GET /a b HTTP/1.1\r\nHost: b\r\n\r\n', 'GET', 'b', '/a b'],
    ['a control character', 'GET /a\x1b[31m HTTP/1.1\r\nHost: b\r\n\r\n', 'GET', 'b', '/a\\x1b[31m'],
    [
      'another protocol',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
      '',
      '',
      '\\x16\\x03\\x01\\x02\\x00\\x01\\x00\\x01\\xfc\\x03\\x03',
    ],
    ['words', 'hello\r\n\r\n', '', '', 'hello'],
    ['a method without end', `${'M'.repeat(500)} /x HTTP/1.1\r\nHost: a/b\r\n\r\n`, `${'M'.repeat(32)}…`, 'a/b', '/x'],
    ['a Host without end', `GET /x HTTP/1.1\r\nHost: ${'a/'.repeat(500)}\r\n\r\n`, 'GET', `${'a/'.repeat(128)}…`, '/x'],
  ])('%s', async (_, message, method, host, path) => {
    const { status } = await sendRaw(gateway.port, Buffer.from(message, 'latin1'))
    expect(status).toBeGreaterThanOrEqual(400)
    expect(await gateway.rows()).toMatchObject([{ method, host, path, status, client: '127.0.0.1' }])
  })
})

test.each([
  ['a target of 40 KB', `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: wiki.test\r\n\r\n`, 414, 'AR_TARGET_TOO_LONG'],
  ['a query of 40 KB', `GET /?${'x'.repeat(40_000)} HTTP/1.1\r\nHost: wiki.test\r\n\r\n`, 414, 'AR_TARGET_TOO_LONG'],
  ['a target without end', `GET /${'x'.repeat(40_000)}`, 414, 'AR_TARGET_TOO_LONG'],
  ['fields of 40 KB', `GET /x HTTP/1.1\r\nHost: wiki.test\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431, 'AR_HEAD_TOO_LARGE'],
  ['both', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: wiki.test\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431, 'AR_HEAD_TOO_LARGE'],
])('%s is refused by name', async (_, message, status, error) => {
  expect((await sendRaw(gateway.port, message)).status).toBe(status)
  expect(backend.seen).toEqual([])
  const [row] = await gateway.rows()
  expect(row).toMatchObject({ status, error, method: 'GET' })
  expect(row?.path.slice(0, 1)).toBe('/')
  expect(row?.path.length).toBeLessThanOrEqual(513)
})
