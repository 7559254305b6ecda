import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ask, askEcho } from '../../support/ask'
import { startBackend, type BackendHandler, type TestBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil, sendRaw } from '../../support/raw-client'
import { until } from '../../support/until'

let gateway: Gateway
let backends: TestBackend[] = []
let servers: Server[] = []
beforeEach(async () => {
  gateway = await startGateway({
    lookup: (host, options, callback) => {
      if (host !== 'loop.lan') return callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), '', 4)
      return options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4)
    },
  })
})
afterEach(async () => {
  await gateway.stop()
  await Promise.all(backends.map((backend) => backend.stop()))
  for (const server of servers) server.close()
  backends = []
  servers = []
})
async function start(name: string, handler?: BackendHandler): Promise<TestBackend> {
  const backend = await startBackend({ name, ...(handler ? { handler } : {}) })
  backends.push(backend)
  return backend
}
async function startTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  servers.push(server)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const off = { type: 'off' as const }

describe('a client gets', () => {
  test('502 from a backend that refuses', async () => {
    await gateway.serve({ id: 'one', backends: [{ id: 'main', url: `http://127.0.0.1:${await freePort()}` }] })
    expect((await ask(gateway.port)).status).toBe(502)
  })

  test('502 from a backend that does not speak HTTP, or closes without a word', async () => {
    const garbage = await startTcp((socket) => void socket.once('data', () => socket.end('SSH-2.0-x\r\n')))
    const mute = await startTcp((socket) => void socket.once('data', () => socket.end()))
    await gateway.serve(
      { id: 'garbage', hosts: ['g'], backends: [{ id: 'main', url: garbage }] },
      { id: 'mute', hosts: ['m'], backends: [{ id: 'main', url: mute }] },
    )
    expect([
      (await ask(gateway.port, '/', { headers: { host: 'g' } })).status,
      (await ask(gateway.port, '/', { headers: { host: 'm' } })).status,
    ]).toEqual([502, 502])
    expect((await gateway.rows()).map(({ reason }) => reason)).toEqual([
      'main: the connection was closed before the answer was complete',
      'main: the answer is not valid HTTP: line 1, “SSH-2.0-x”: the status line is not valid (RFC 9112 §4)',
    ])
  })

  test('504 from a backend that is too slow', async () => {
    await start('slow', () => undefined)
    await gateway.serve({ id: 'one', timeouts: { response: '200ms' }, backends: [{ id: 'main', url: backends[0]?.url ?? '' }] })
    const answer = await ask(gateway.port)
    expect(answer.status).toBe(504)
    expect((await gateway.rows())[0]).toMatchObject({ error: 'AR_BACKEND_TIMEOUT', reason: 'main: no answer within 0.2 s' })
  })

  test('a cut connection where an answer goes silent in the middle', async () => {
    await start('stalls', (_, response) => void response.writeHead(200, { 'Content-Length': 10 }).write('half'))
    await gateway.serve({ id: 'one', timeouts: { idle: '1s' }, backends: [{ id: 'main', url: backends[0]?.url ?? '' }] })
    const answer = await ask(gateway.port)
    expect([answer.text, answer.complete]).toEqual(['half', false])
  })

  test('502 where the backend’s name leads back to the gateway, and no loop', async () => {
    await gateway.serve({ id: 'one', health: off, backends: [{ id: 'main', url: `http://loop.lan:${gateway.port}` }] })
    expect((await ask(gateway.port)).status).toBe(502)
    const rows = await gateway.rows()
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ error: 'AR_BACKEND_LOOP' })
  })

  test('503 with Retry-After when every backend is down', async () => {
    const dead = [await freePort(), await freePort()].map((port, n) => ({ id: `b${n}`, url: `http://127.0.0.1:${port}` }))
    await gateway.serve({ id: 'one', health: { interval: '1s', timeout: '500ms', fall: 1 }, backends: dead })
    await until('both to be found down', async () => (await gateway.status()).services[0]?.state === 'down')
    const answer = await ask(gateway.port, '/', { headers: { accept: 'application/json' } })
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5'])
  })
})

describe('a malformed or ambiguous request is refused, the connection closed, and no backend sees it:', () => {
  test.each([
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['two Hosts', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['a Host that is none', 'GET / HTTP/1.1\r\nHost: a/b\r\n\r\n', 400],
    ['a length and chunks', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde', 400],
    ['an odd transfer coding', 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n', 400],
    ['a folded field', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n', 400],
    ['a blank before the colon', 'GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n', 400],
    ['a path with a NUL', 'GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['CONNECT', 'CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n', 405],
    ['TRACE', 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n', 405],
  ])('%s', async (_, message, status) => {
    const backend = await start('a')
    await gateway.serve({ id: 'one', health: off, backends: [{ id: 'main', url: backend.url }] })
    const answer = await sendRaw(gateway.port, message)
    expect([answer.status, /^connection: close/im.test(answer.head), backend.seen.length]).toEqual([status, true, 0])
  })
})

test('a service whose backend’s name cannot be found breaks only itself, and says so', async () => {
  await start('a')
  await gateway.serve(
    {
      id: 'lost',
      hosts: ['lost.lan'],
      backends: [{ id: 'main', url: 'http://nowhere.lan' }],
      health: { interval: '1s', timeout: '500ms' },
    },
    { id: 'fine', backends: [{ id: 'main', url: backends[0]?.url ?? '' }] },
  )
  expect((await askEcho(gateway.port)).name).toBe('a')
  expect((await ask(gateway.port, '/', { headers: { host: 'lost.lan' } })).status).toBe(502)
  const lost = await until('the service to be found down', async () =>
    (await gateway.status()).services.find(({ id, state }) => id === 'lost' && state === 'down'),
  )
  expect(lost.reason).toBe('main: name not found: nowhere.lan')
  expect(gateway.events).toContainEqual({ name: 'health', payload: expect.objectContaining({ service: 'lost', state: 'down' }) })
})

test('a backend that cannot be reached costs no request while another is there, whatever the method and body', async () => {
  await start('alive')
  const dead = `http://127.0.0.1:${await freePort()}`
  await gateway.serve({
    id: 'one',
    health: off,
    backends: [
      { id: 'dead', url: dead },
      { id: 'alive', url: backends[0]?.url ?? '' },
    ],
  })
  for (const method of ['GET', 'POST', 'PUT', 'GET'])
    expect((await askEcho(gateway.port, '/', { method, ...(method === 'GET' ? {} : { body: 'text' }) })).name).toBe('alive')
})

test('a GET whose backend closed before a word is asked of another; a POST never is', async () => {
  let asked = 0
  const closing = await startTcp(
    (socket) =>
      void socket.once('data', () => {
        asked += 1
        socket.destroy()
      }),
  )
  await start('other')
  await gateway.serve({
    id: 'one',
    health: off,
    backends: [
      { id: 'closing', url: closing },
      { id: 'other', url: backends[0]?.url ?? '' },
    ],
  })
  expect((await askEcho(gateway.port)).name).toBe('other')
  const statuses = [
    (await ask(gateway.port, '/', { method: 'POST', body: 'x' })).status,
    (await ask(gateway.port, '/', { method: 'POST', body: 'x' })).status,
  ]
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 502])
  expect([asked, backends[0]?.seen.filter(({ method }) => method === 'POST').length]).toEqual([2, 1])
})

test('a GET whose answer had begun is not asked of another', async () => {
  const breaking = await startTcp((socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 O')))
  await start('other')
  await gateway.serve({
    id: 'one',
    health: off,
    backends: [
      { id: 'breaking', url: breaking },
      { id: 'spare', role: 'backup', url: backends[0]?.url ?? '' },
    ],
  })
  expect([(await ask(gateway.port)).status, backends[0]?.seen.length]).toEqual([502, 0])
  expect((await gateway.rows())[0]).toMatchObject({
    attempts: 1,
    reason: 'breaking: the connection was closed in the middle of the answer’s head',
  })
})

test('an idle connection that the backend closes in the same moment costs no GET', async () => {
  await start('a', (_, response) => {
    response.end('ok', () => setImmediate(() => response.socket?.destroy()))
  })
  await gateway.serve({ id: 'one', health: off, backends: [{ id: 'main', url: backends[0]?.url ?? '' }] })
  const socket = await openRaw(gateway.port)
  for (let n = 0; n < 50; n++) {
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(await readUntil(socket, (text) => text.includes('ok'))).toMatch(/^HTTP\/1\.1 200/)
  }
  socket.destroy()
})

test('an idle connection is given up before the backend does, where it says when', async () => {
  let open = 0
  const url = await startTcp((socket) => {
    open += 1
    socket.on('close', () => (open -= 1))
    socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 0\r\n\r\n'))
  })
  await gateway.serve({ id: 'one', health: off, backends: [{ id: 'main', url }] })
  expect((await ask(gateway.port)).status).toBe(200)
  expect(open).toBe(1)
  await until('the idle connection to be closed', () => open === 0, 1_900)
})

test('totals are the sum of the request log, whoever answered', async () => {
  await start('a')
  const services = {
    id: 'one',
    backends: [{ id: 'main', url: backends[0]?.url ?? '' }],
    access: { rules: [] as { action: 'deny'; from: string }[] },
  }
  await gateway.serve(services)
  await ask(gateway.port)
  await ask(gateway.port, '/', { method: 'POST', body: 'text' })
  await gateway.serve({ ...services, access: { rules: [{ action: 'deny', from: 'loopback' }] } })
  await ask(gateway.port, '/', { method: 'HEAD' })
  await ask(gateway.port)
  await sendRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  const rows = await gateway.rows()
  const sum = (value: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + value(row), 0)
  expect(rows.map(({ status }) => status)).toEqual([403, 403, 403, 200, 200])
  expect(rows[2]?.bytesOut).toBe(0)
  expect((await gateway.status()).services[0]?.traffic).toMatchObject({
    requests: 5,
    answers: [0, 2, 0, 3, 0],
    refused: 3,
    failed: 0,
    inFlight: 0,
    bytesIn: sum(({ bytesIn }) => bytesIn),
    bytesOut: sum(({ bytesOut }) => bytesOut),
  })
})

test('the request log keeps the beginning of a long path', async () => {
  await start('a')
  await gateway.serve({ id: 'one', backends: [{ id: 'main', url: backends[0]?.url ?? '' }] })
  expect((await askEcho(gateway.port, `/${'x'.repeat(5_000)}`)).url).toHaveLength(5_001)
  expect((await gateway.rows())[0]?.path).toBe(`/${'x'.repeat(511)}…`)
})

test('a client that stops in the middle of its body gets 408', async () => {
  await start('a')
  await gateway.serve({ id: 'one', timeouts: { idle: '1s' }, backends: [{ id: 'main', url: backends[0]?.url ?? '' }] })
  const answer = await sendRaw(gateway.port, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf')
  expect(answer.status).toBe(408)
})

test('localhost is found on ::1 and on 127.0.0.1', async () => {
  const six = await startBackend({ name: 'six', host: '::1' })
  const four = await start('four')
  backends.push(six)
  await gateway.serve(
    { id: 'six', hosts: ['six'], backends: [{ id: 'main', url: `http://localhost:${six.port}` }] },
    { id: 'four', hosts: ['four'], backends: [{ id: 'main', url: `http://localhost:${four.port}` }] },
  )
  expect([
    (await askEcho(gateway.port, '/', { headers: { host: 'six' } })).name,
    (await askEcho(gateway.port, '/', { headers: { host: 'four' } })).name,
  ]).toEqual(['six', 'four'])
})
