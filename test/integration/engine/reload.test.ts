import { request } from 'node:http'
import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ask, askEcho } from '../../support/ask'
import { startBackend, type BackendHandler, type TestBackend } from '../../support/echo-backend'
import { freePort } from '../../support/free-port'
import { startGateway, type Gateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

let gateway: Gateway
let backends: TestBackend[] = []
beforeEach(async () => {
  gateway = await startGateway()
})
afterEach(async () => {
  await gateway.stop()
  await Promise.all(backends.map((backend) => backend.stop()))
  backends = []
})
async function start(name: string, handler?: BackendHandler): Promise<TestBackend> {
  const backend = await startBackend({ name, ...(handler ? { handler } : {}) })
  backends.push(backend)
  return backend
}
const listener = (id: string, port: number) => ({ id, address: '127.0.0.1', port })
const to = ({ url }: TestBackend) => [{ id: 'main', url }]
async function occupy(port: number): Promise<Server> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return server
}

test('a document with a mistake changes nothing and names the place', async () => {
  await gateway.serve({ id: 'one', backends: to(await start('a')) })
  const result = await gateway.tryLoad({ version: 1, services: [{ id: 'one', backends: [{ id: 'main', url: 'ftp://x' }] }] })
  expect(result).toEqual({ ok: false, issues: [{ path: 'services[0].backends[0].url', message: 'start with http:// or https://' }] })
  expect((await askEcho(gateway.port)).name).toBe('a')
})

test('an idle connection and a long download on an unchanged listener survive a reload of their own service', async () => {
  const finish = { now: () => expect.fail('the backend was not asked yet') as void }
  const slow = await start('slow', (_, response) => {
    response.writeHead(200)
    response.write('first ')
    finish.now = () => void response.end('last')
  })
  const other = await start('other')
  await gateway.serve({ id: 'one', backends: to(slow) })
  const idle = await openRaw(gateway.port)
  const download = new Promise<string>((resolve, reject) => {
    let text = ''
    request({ host: '127.0.0.1', port: gateway.port }, (answer) => {
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve(text))
      answer.on('error', reject)
    })
      .on('error', reject)
      .end()
  })
  await until('the download to begin', () => slow.seen.length === 1)
  await gateway.serve({ id: 'one', backends: to(other) })
  expect((await askEcho(gateway.port)).name).toBe('other')
  finish.now()
  expect(await download).toBe('first last')
  idle.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  expect(await readUntil(idle, (text) => text.includes('other'))).toContain('200 OK')
})

test('a listener that is no longer named stops taking connections and lets the running download end', async () => {
  const finish = { now: () => expect.fail('the backend was not asked yet') as void }
  const slow = await start('slow', (_, response) => {
    response.writeHead(200)
    response.write('first ')
    finish.now = () => void response.end('last')
  })
  const second = await freePort()
  const services = [{ id: 'one', backends: to(slow) }]
  await gateway.load({ version: 1, listeners: [listener('web', gateway.port), listener('more', second)], services })
  const socket = await openRaw(second, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await until('the download to begin', () => slow.seen.length === 1)
  await gateway.load({ version: 1, listeners: [listener('web', gateway.port)], services })
  await expect(ask(second)).rejects.toThrow('ECONNREFUSED')
  finish.now()
  expect(await readUntil(socket, (text) => text.includes('last'))).toContain('last')
  await until('the drained connection to be closed', () => socket.destroyed || socket.readableEnded)
})

test('a taken port marks only its own listener, names the program that has it, and is had as soon as it is free', async () => {
  const taken = await freePort()
  const program = await occupy(taken)
  await gateway.load({
    version: 1,
    listeners: [listener('web', gateway.port), listener('taken', taken)],
    services: [{ id: 'one', backends: to(await start('a')) }],
  })
  expect((await askEcho(gateway.port)).name).toBe('a')
  const status = await gateway.status()
  const failed = status.listeners.find(({ id }) => id === 'taken')
  expect(failed).toMatchObject({ state: 'failed', code: 'in-use' })
  expect(failed?.reason).toMatch(
    process.platform === 'linux' ? new RegExp(`^port ${taken} is in use by .+ \\(pid ${process.pid}\\)$`) : /in use/,
  )
  expect(status.services[0]).toMatchObject({ state: 'attention', reason: failed?.reason })
  await new Promise((resolve) => program.close(resolve))
  await until('the listener to recover', async () => (await gateway.status()).listeners.every(({ state }) => state === 'listening'))
  expect((await askEcho(taken)).name).toBe('a')
  expect(gateway.events).toContainEqual({
    name: 'listener',
    payload: expect.objectContaining({ id: 'taken', state: 'listening', reason: null }),
  })
})

test('a listener that gets another id answers all the while, however long the system takes to name the holder of another port', async () => {
  const naming = { done: (): void => undefined, asked: false }
  const other = await startGateway({
    holderOf: () =>
      new Promise((resolve) => {
        naming.asked = true
        naming.done = () => resolve(null)
      }),
  })
  const taken = await freePort()
  const program = await occupy(taken)
  const services = [{ id: 'one', backends: to(await start('a')) }]
  await other.load({ version: 1, listeners: [listener('web', other.port)], services })
  let loaded = false
  const loading = other
    .load({
      version: 1,
      listeners: [listener('main', other.port), listener('taken', taken)],
      services: [...services, { id: 'two', hosts: ['two.lan'], backends: to(await start('b')) }],
    })
    .then(() => (loaded = true))
  await until('the holder to be asked for', () => naming.asked)
  expect((await askEcho(other.port)).name).toBe('a')
  expect((await askEcho(other.port, '/', { headers: { host: 'two.lan' } })).name).toBe('b')
  expect(loaded).toBe(false)
  naming.done()
  await loading
  expect((await other.status()).listeners).toMatchObject([
    { id: 'main', state: 'listening' },
    { id: 'taken', state: 'failed', reason: `port ${taken} is in use by another program` },
  ])
  await other.stop()
  program.close()
})

test('a listener moves to every address of its own port without standing in its own way', async () => {
  const services = [{ id: 'one', backends: to(await start('a')) }]
  await gateway.load({ version: 1, listeners: [listener('web', gateway.port)], services })
  await gateway.load({ version: 1, listeners: [{ id: 'web', address: '0.0.0.0', port: gateway.port }], services })
  expect((await gateway.status()).listeners).toMatchObject([{ state: 'listening', address: '0.0.0.0' }])
  expect((await askEcho(gateway.port)).name).toBe('a')
})

test('a backend keeps its health, counters and place in the rota when other things are edited', async () => {
  const [a, b] = [await start('a'), await start('b')]
  const service = {
    id: 'one',
    backends: [
      { id: 'a', url: a.url },
      { id: 'b', url: b.url },
    ],
  }
  await gateway.serve(service)
  await until('the checks to be through', async () => (await gateway.status()).services[0]?.state === 'online')
  const order = [(await askEcho(gateway.port)).name]
  await gateway.serve({ ...service, name: 'Renamed' })
  order.push((await askEcho(gateway.port)).name, (await askEcho(gateway.port)).name)
  expect(order).toEqual(['a', 'b', 'a'])
  const [status] = (await gateway.status()).services
  expect(status).toMatchObject({ name: 'Renamed', state: 'online', traffic: { requests: 3 } })
  expect(status?.backends.map(({ health, requests }) => [health, requests])).toEqual([
    ['up', 2],
    ['up', 1],
  ])
})

test('1,000 services are swapped in under load without a failed request', async () => {
  const backend = await start('a')
  const many = (round: number) => [
    { id: 'one', backends: to(backend) },
    ...Array.from({ length: 999 }, (_, n) => ({
      id: `s${n}`,
      hosts: [`s${n}.r${round}.lan`],
      enabled: n % 2 === 0,
      health: { type: 'off' as const },
      backends: [{ id: 'main', url: `http://127.0.0.1:${backend.port}/${n}` }],
    })),
  ]
  await gateway.serve({ id: 'one', backends: to(backend) })
  const load = { running: true }
  const statuses: number[] = []
  const clients = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (load.running) statuses.push((await ask(gateway.port)).status)
    }),
  )
  for (let round = 0; round < 3; round++) await gateway.serve(...many(round))
  expect((await askEcho(gateway.port, '/', { headers: { host: 's998.r2.lan' } })).url).toBe('/998/')
  load.running = false
  await clients
  expect(new Set(statuses)).toEqual(new Set([200]))
})

test('stopping lets a running request end and then frees the port', async () => {
  const finish = { now: () => expect.fail('the backend was not asked yet') as void }
  const slow = await start('slow', (_, response) => void (finish.now = () => void response.end('done')))
  await gateway.serve({ id: 'one', backends: to(slow) })
  const answer = ask(gateway.port)
  await until('the request to arrive', () => slow.seen.length === 1)
  const stopped = gateway.stop(5_000)
  await expect(ask(gateway.port)).rejects.toThrow('ECONNREFUSED')
  finish.now()
  expect((await answer).text).toBe('done')
  await stopped
  await new Promise((resolve) => void occupy(gateway.port).then((server) => server.close(resolve)))
})

test('stopping does not wait for connections on which nobody ever spoke', async () => {
  await gateway.serve({ id: 'one', backends: to(await start('a')) })
  const silent = await openRaw(gateway.port)
  await until('the connection to be counted', async () => (await gateway.status()).listeners[0]?.connections === 1)
  // Longer than a test may take: had it waited, the test would fail.
  await gateway.stop(120_000)
  silent.destroy()
})

test('a listener that is narrowed to one address keeps what is under way', async () => {
  const finish = { now: () => expect.fail('the backend was not asked yet') as void }
  const slow = await start('slow', (_, response) => {
    response.writeHead(200).write('first ')
    finish.now = () => void response.end('last')
  })
  const services = [{ id: 'one', backends: to(slow) }]
  await gateway.load({ version: 1, listeners: [{ id: 'web', address: '0.0.0.0', port: gateway.port }], services })
  const download = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await until('the download to begin', () => slow.seen.length === 1)
  await gateway.load({ version: 1, listeners: [{ id: 'web', address: '127.0.0.1', port: gateway.port }], services })
  expect((await gateway.status()).listeners).toMatchObject([{ state: 'listening', address: '127.0.0.1' }])
  await expect(ask(gateway.port, '/', { host: '127.0.0.2' })).rejects.toThrow('ECONNREFUSED')
  finish.now()
  expect(await readUntil(download, (text) => text.includes('last'))).toContain('first ')
})

test('two listeners exchange their ids without a connection lost, and two loads at once leave the later one', async () => {
  const second = await freePort()
  const services = [
    { id: 'one', listeners: ['web'], backends: to(await start('a')) },
    { id: 'two', listeners: ['other'], backends: to(await start('b')) },
  ]
  await gateway.load({ version: 1, listeners: [listener('web', gateway.port), listener('other', second)], services })
  const idle = await openRaw(gateway.port, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await readUntil(idle, (text) => text.includes('"name":"a"'))).toContain('200 OK')
  await gateway.load({ version: 1, listeners: [listener('other', gateway.port), listener('web', second)], services })
  idle.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  expect(await readUntil(idle, (text) => text.includes('"name":"b"'))).toContain('200 OK')
  await Promise.all([
    gateway.load({ version: 1, listeners: [listener('web', second)], services: services.slice(0, 1) }),
    gateway.load({ version: 1, listeners: [listener('web', second), listener('other', gateway.port)], services }),
  ])
  expect([(await askEcho(gateway.port)).name, (await askEcho(second)).name]).toEqual(['b', 'a'])
})

test('a save that swaps two backends and moves a listener, again and again under load, fails no request', async () => {
  const backends = { a: await start('a'), b: await start('b') }
  const [stays, ...moves] = [await freePort(), await freePort(), await freePort()]
  const load = (turn: number): Promise<void> =>
    gateway.load({
      version: 1,
      listeners: [listener('web', stays), listener('other', moves[turn % 2] ?? 0)],
      services: [
        {
          id: 'one',
          health: { type: 'off' },
          backends: [
            { id: 'a', url: backends.a.url, state: turn % 2 === 0 ? 'active' : 'maintenance', weight: 1 + (turn % 5) },
            { id: 'b', url: backends.b.url, state: turn % 2 === 0 ? 'maintenance' : 'active' },
          ],
        },
      ],
    })
  await load(0)
  const visits = { over: false }
  const answers: number[] = []
  const visitors = Array.from({ length: 8 }, async () => {
    while (!visits.over) answers.push((await ask(stays)).status)
  })
  for (let turn = 1; turn <= 40; turn++) await load(turn)
  await until('requests under the last one', () => answers.length > 200)
  visits.over = true
  await Promise.all(visitors)
  expect(answers.filter((status) => status !== 200)).toEqual([])
})
