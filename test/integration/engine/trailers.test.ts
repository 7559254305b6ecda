import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask } from '../../support/ask'
import { startBackend, type Echo, type TestBackend } from '../../support/echo-backend'
import { startGateway, type Gateway } from '../../support/gateway'
import { sendRaw } from '../../support/raw-client'
import { scriptedBackend } from '../../support/scripted-backend'

let gateway: Gateway
let backend: TestBackend
beforeEach(async () => {
  gateway = await startGateway()
  backend = await startBackend()
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})
const off = { type: 'off' as const }

const fields = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('')

/** What the backend is told by a request with these heads, and these trailers. */
async function tell(head: readonly string[], trailers: readonly string[]): Promise<Echo> {
  const { body } = await sendRaw(
    gateway.port,
    `POST / HTTP/1.1\r\nHost: a\r\nConnection: close, X-Named\r\nTransfer-Encoding: chunked\r\n${fields(head)}\r\n1\r\nx\r\n0\r\n${fields(trailers)}\r\n`,
  )
  return JSON.parse(body) as Echo
}

const CLAIMS = [
  'X-Original-URL',
  'X-Original-URI',
  'X-Rewrite-URL',
  'CF-Connecting-IP',
  'True-Client-IP',
  'X-Client-IP',
  'Client-IP',
  'X-Cluster-Client-IP',
  'X-Real-IP',
  'X-Forwarded-For',
  'X-Forwarded-Anything',
  'Forwarded',
  'X-Request-ID',
]

test('what claims in a head who the client is claims it in no trailer either, in no spelling', async () => {
  await gateway.serve({ id: 'one', health: off, backends: [{ id: 'main', url: backend.url }] })
  const spellings = CLAIMS.flatMap((name) => [
    name,
    name.toUpperCase(),
    name.replaceAll('-', '_'),
    name.replace('-', '_'),
    name.replaceAll('-', '.'),
  ])
  const { trailers } = await tell(
    [],
    [...spellings.map((name) => `${name}: forged`), 'X-Sum: 1', 'Content-Digest: sha-256=:x:', 'X-Original: 2', 'grpc-status: 0'],
  )
  expect(trailers).toEqual({ 'x-sum': '1', 'content-digest': 'sha-256=:x:', 'x-original': '2', 'grpc-status': '0' })
  const { headers } = await tell(
    spellings.map((name) => `${name}: forged`),
    [],
  )
  expect(JSON.stringify(headers)).not.toContain('forged')
})

test('nothing that routes, tries, authenticates or describes a request comes in its trailers (RFC 9110 §6.5.1)', async () => {
  await gateway.serve({ id: 'one', health: off, backends: [{ id: 'main', url: backend.url }] })
  const names = [
    'Authorization',
    'Cookie',
    'Proxy-Authorization',
    'Proxy',
    'Expect',
    'TE',
    'Trailer',
    'Connection',
    'Keep-Alive',
    'Upgrade',
    'Content-Type',
    'Content-Encoding',
    'Content-Range',
    'Range',
    'If-Match',
    'If-None-Match',
    'Cache-Control',
    'Max-Forwards',
    'X-Named',
    'HTTP2-Settings',
    'Via',
    'Content_Type',
  ]
  expect((await tell([], [...names.map((name) => `${name}: forged`), 'X-Sum: 1'])).trailers).toEqual({ 'x-sum': '1' })
})

test('what a service sets or takes out of heads is taken out of trailers, too, in any spelling that a backend may take for it', async () => {
  await gateway.serve({
    id: 'one',
    health: off,
    headers: { request: { set: { 'X-Remote-User': 'nobody' }, remove: ['X-Old-Way', 'X_Odd'] } },
    lockdown: { secretHeader: { name: 'X-Gate-Key', value: 'a-secret-that-is-long-enough-to-be-one-0123456789' } },
    backends: [{ id: 'main', url: backend.url }],
  })
  const forged = [
    'X-Remote-User',
    'x_remote_user',
    'X_Remote-User',
    'X.Remote.User',
    'X-Old-Way',
    'x_old_way',
    'X-Odd',
    'X_Odd',
    'x_gate-key',
    'X.Gate.Key',
  ]
  const lines = [...forged.map((name) => `${name}: forged`), 'X-Kept: 1']
  const { headers, trailers } = await tell(lines, lines)
  expect(JSON.stringify({ headers, trailers })).not.toContain('forged')
  expect(headers).toMatchObject({
    'x-remote-user': 'nobody',
    'x-kept': '1',
    'x-gate-key': 'a-secret-that-is-long-enough-to-be-one-0123456789',
  })
  expect(trailers).toEqual({ 'x-kept': '1' })
})

test('an answer’s trailers bring a client nothing that its head would not', async () => {
  const names = [
    'Set-Cookie',
    'Location',
    'Content-Location',
    'Link',
    'Refresh',
    'Server',
    'Via',
    'X-Powered-By',
    'X-AspNet-Version',
    'Alt-Svc',
    'Keep-Alive',
    'Upgrade',
    'Trailer',
    'Content-Type',
    'Content-Encoding',
    'Content-Range',
    'Date',
    'Age',
    'Expires',
    'Retry-After',
    'Vary',
    'WWW-Authenticate',
    'Proxy-Authenticate',
    'X-Named',
    'X-Gone',
    'x_gone',
    'X-Ours',
  ]
  const { url } = await scriptedBackend(
    (socket) =>
      void socket.write(
        `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: X-Named\r\n\r\n2\r\nok\r\n0\r\n${names.map((name) => `${name}: inner.lan\r\n`).join('')}X-Sum: 1\r\nServer-Timing: a\r\nETag: "b"\r\n\r\n`,
      ),
  )
  await gateway.serve({
    id: 'one',
    health: off,
    headers: { response: { remove: ['X-Gone'], set: { 'X-Ours': 'yes' } } },
    backends: [{ id: 'main', url }],
  })
  const { trailers, headers, text } = await ask(gateway.port)
  expect(text).toBe('ok')
  expect(headers).toMatchObject({ 'x-ours': 'yes' })
  expect(trailers).toEqual({ 'x-sum': '1', 'server-timing': 'a', etag: '"b"' })
})
