import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { freePort } from '../../support/free-port'
import { type Gateway, startGateway } from '../../support/gateway'
import { openRaw } from '../../support/raw-client'
import { SELF_SIGNED } from '../../support/self-signed'
import { until } from '../../support/until'

type Backends = NonNullable<ServiceDocument['backends']>

interface TcpServer {
  readonly url: string
  readonly port: number
  readonly sockets: Set<Socket>
  stop(): void
}

/** A server of bytes on loopback, half-open as far as its handler wants. */
async function tcpServer(handler: (socket: Socket) => void, port = 0): Promise<TcpServer> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    handler(socket)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = (): void => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  onTestFinished(stop)
  const { port: own } = server.address() as AddressInfo
  return { url: `tcp://127.0.0.1:${own}`, port: own, sockets, stop }
}

const named = (name: string) => tcpServer((socket) => void socket.end(name))
const echo = () => tcpServer((socket) => void socket.pipe(socket))

async function serveTcp(
  services: readonly ServiceDocument[],
  more: object = {},
): Promise<{ gateway: Gateway; port: number; reload: (next: readonly ServiceDocument[]) => Promise<void> }> {
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  const port = await freePort()
  const reload = (next: readonly ServiceDocument[]): Promise<void> =>
    gateway.load({
      version: 1,
      listeners: [{ id: 'port', address: '127.0.0.1', port, protocol: 'tcp', ...more }],
      services: [...next],
      settings: { trustedProxies: ['127.0.0.9'] },
    })
  await reload(services)
  return { gateway, port, reload }
}

const tcp = (backends: Backends, more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  id: 'machine',
  type: 'tcp',
  backends,
  health: { type: 'off' },
  ...more,
})

/** All that comes on a connection until it ends; null where it was reset. */
async function readAll(socket: Socket): Promise<string | null> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  const broken = new Promise<null>((resolve) => void socket.once('error', () => resolve(null)))
  const ended = once(socket, 'close').then(() => Buffer.concat(chunks).toString('latin1'))
  return Promise.race([broken, ended])
}

const allow = (from: string): Partial<ServiceDocument> => ({ access: { rules: [{ action: 'allow', from }], default: 'deny' } })

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.once('close', () => resolve()))

const visit = async (port: number, from = '127.0.0.1'): Promise<string | null> => readAll(await openRaw(port, '', '127.0.0.1', from))

test('bytes pass both ways, each half is ended for itself, and all of it is counted and told', async () => {
  const backend = await tcpServer((socket) => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
    socket.once('end', () => void socket.end(`you sent ${Buffer.concat(chunks).toString()}`))
  })
  const { gateway, port } = await serveTcp([tcp([{ id: 'pc', url: backend.url }])])
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.end('half a word')
  expect(await readAll(client)).toBe('you sent half a word')
  await until('the row', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({
    method: 'TCP',
    service: 'machine',
    backend: 'pc',
    client: '127.0.0.1',
    bytesIn: 11,
    bytesOut: 20,
    error: null,
    reason: null,
    attempts: 1,
  })
  expect((await gateway.status()).services[0]).toMatchObject({
    type: 'tcp',
    state: 'online',
    traffic: { requests: 1, inFlight: 0, bytesIn: 11, bytesOut: 20 },
    backends: [{ inFlight: 0, requests: 1, failed: 0 }],
  })
})

test('a server that speaks first is heard at once, and what is open is seen and counted live', async () => {
  const backend = await tcpServer((socket) => {
    socket.write('220 ready\n')
    socket.once('end', () => void socket.end()).resume()
  })
  const { gateway, port } = await serveTcp([tcp([{ id: 'pc', url: backend.url }])])
  const client = await openRaw(port)
  expect(String((await once(client, 'data'))[0])).toBe('220 ready\n')
  await until('it to be counted', async () => (await gateway.status()).services[0]?.traffic.bytesOut === 10)
  expect((await gateway.status()).services[0]?.backends[0]).toMatchObject({ inFlight: 1 })
  expect((await gateway.status()).listeners[0]).toMatchObject({ protocol: 'tcp', connections: 1 })
  client.destroy()
  await until('the backend to see its end', () => backend.sockets.size === 0)
})

test('64 MB go through and come back intact', async () => {
  const backend = await echo()
  const { port } = await serveTcp([tcp([{ id: 'pc', url: backend.url }])])
  const block = randomBytes(1 << 20)
  const [sent, received] = [createHash('sha256'), createHash('sha256')]
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('data', (chunk: Buffer) => void received.update(chunk))
  for (let count = 0; count < 64; count++) {
    sent.update(block)
    if (!client.write(block)) await once(client, 'drain')
  }
  client.end()
  await once(client, 'close')
  expect(received.digest('hex')).toBe(sent.digest('hex'))
})

test('a reset on either side is a reset on the other', async () => {
  const backend = await tcpServer((socket) => void socket.once('data', () => socket.resetAndDestroy()))
  const { gateway, port } = await serveTcp([tcp([{ id: 'pc', url: backend.url }])])
  expect(await readAll(await openRaw(port, 'go'))).toBeNull()
  await until('the row', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({ endedBy: 'backend', reason: expect.stringContaining('broke') })
})

test('the rules hold for streams, too, and a rule that comes later ends what it refuses', async () => {
  const backend = await echo()
  const { gateway, port, reload } = await serveTcp([tcp([{ id: 'pc', url: backend.url }], allow('127.0.0.1'))])
  const inside = await openRaw(port, 'hello')
  expect(String((await once(inside, 'data'))[0])).toBe('hello')
  expect(await visit(port, '127.0.0.2')).toBe('')
  expect(backend.sockets.size).toBe(1)
  await until('the refusal', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({ error: 'AR_REFUSED', client: '127.0.0.2', backend: null, status: 0 })
  expect((await gateway.status()).services[0]?.traffic).toMatchObject({ refused: 1, failed: 0 })
  const ended = closed(inside)
  await reload([tcp([{ id: 'pc', url: backend.url }], allow('127.0.0.2'))])
  await ended
})

test('three connections on three backends: one each; the primary gone: the next, then the backup', async () => {
  const [a, b, c] = await Promise.all([named('a'), named('b'), named('c')])
  const backends: Backends = [
    { id: 'a', url: a.url },
    { id: 'b', url: b.url },
    { id: 'c', url: c.url, role: 'backup' },
  ]
  const { port } = await serveTcp([tcp(backends)])
  const answers = async (): Promise<(string | null)[]> => [await visit(port), await visit(port), await visit(port), await visit(port)]
  expect((await answers()).map(String).toSorted()).toEqual(['a', 'a', 'b', 'b'])
  a.stop()
  expect(await answers()).toEqual(['b', 'b', 'b', 'b'])
  b.stop()
  expect(await answers()).toEqual(['c', 'c', 'c', 'c'])
})

test('a drained machine keeps what runs and gets nothing new', async () => {
  const [a, b] = await Promise.all([echo(), named('b')])
  const list = (state: 'active' | 'draining'): Backends => [
    { id: 'a', url: a.url, state },
    { id: 'b', url: b.url, role: 'backup' },
  ]
  const { gateway, port, reload } = await serveTcp([tcp(list('active'))])
  const running = await openRaw(port, 'one')
  expect(String((await once(running, 'data'))[0])).toBe('one')
  await reload([tcp(list('draining'))])
  expect(await visit(port)).toBe('b')
  running.write('two')
  expect(String((await once(running, 'data'))[0])).toBe('two')
  expect((await gateway.status()).services[0]?.backends[0]).toMatchObject({ state: 'draining', inFlight: 1 })
  const closing = closed(running)
  expect(await gateway.call('backend.disconnect', { service: 'machine', backend: 'a' })).toEqual({ cut: 1 })
  await closing
})

test('a greeting is expected where one is asked for: a port that merely accepts is down', async () => {
  const [ssh, silent] = await Promise.all([tcpServer((socket) => void socket.write('SSH-2.0-test\r\n')), tcpServer(() => undefined)])
  const health = { expect: 'ssh', interval: '1s', timeout: '200ms', fall: 1, rise: 1 } as const
  const { gateway } = await serveTcp([
    tcp(
      [
        { id: 'ssh', url: ssh.url },
        { id: 'silent', url: silent.url },
      ],
      { health },
    ),
  ])
  await until(
    'both to be known',
    async () => (await gateway.status()).services[0]?.backends.every(({ health: state }) => state !== 'checking') ?? false,
  )
  expect((await gateway.status()).services[0]?.backends).toMatchObject([
    { health: 'up' },
    { health: 'down', reason: 'it accepts connections, but no SSH greeting came' },
  ])
})

/** The fixed part of a v2 header; what follows are addresses and ports. */
const SIGNATURE = '\r\n\r\n\0\r\nQUIT\n'

test.each([
  ['v1', 'PROXY UNKNOWN\r\n', 'PROXY TCP4 127.0.0.1 127.0.0.1 '],
  ['v2', `${SIGNATURE}\x20\0\0\0`, `${SIGNATURE}\x21\x11\0\x0c\x7f\0\0\x01\x7f\0\0\x01`],
] as const)(
  'with PROXY protocol %s the backend is told who the client is, once and first, and checks send a header, too',
  async (version, check, begins) => {
    const heard: string[] = []
    const backend = await tcpServer((socket) => {
      const chunks: Buffer[] = []
      socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
      socket.once('end', () => {
        heard.push(Buffer.concat(chunks).toString('latin1'))
        socket.end()
      })
      socket.once('close', () => socket.readableEnded || heard.push(Buffer.concat(chunks).toString('latin1')))
    })
    const { port } = await serveTcp([
      tcp([{ id: 'pc', url: backend.url }], { health: { type: 'tcp' }, lockdown: { proxyProtocol: version } }),
    ])
    await until('a check', () => heard.length === 1)
    expect(heard[0]).toBe(check)
    const client = await openRaw(port)
    client.end('hello')
    await until('the connection', () => heard.length === 2)
    expect(heard[1]?.startsWith(begins)).toBe(true)
    // Ports follow as text with a line end, or in four bytes.
    expect(heard[1]?.slice(begins.length)).toMatch(version === 'v1' ? /^\d+ \d+\r\nhello$/ : /^[^]{4}hello$/)
  },
)

test('a trusted proxy in front says who the client is; the rules and the backend go by that', async () => {
  const backend = await echo()
  const { gateway, port } = await serveTcp(
    [tcp([{ id: 'pc', url: backend.url }], { access: { rules: [{ action: 'allow', from: '203.0.113.7' }], default: 'deny' } })],
    { proxyProtocol: true },
  )
  const proxied = await openRaw(port, 'PROXY TCP4 203.0.113.7 198.51.100.1 4000 22\r\nhi', '127.0.0.1', '127.0.0.9')
  expect(String((await once(proxied, 'data'))[0])).toBe('hi')
  proxied.destroy()
  expect(await readAll(await openRaw(port, 'PROXY TCP4 203.0.113.8 198.51.100.1 4000 22\r\nhi', '127.0.0.1', '127.0.0.9'))).toBe('')
  expect(await readAll(await openRaw(port, 'PROXY TCP4 203.0.113.7 198.51.100.1 4000 22\r\nhi', '127.0.0.1', '127.0.0.2'))).toBeFalsy()
  expect(await readAll(await openRaw(port, 'hello, I am no proxy', '127.0.0.1', '127.0.0.9'))).toBeFalsy()
  const reasons = (await gateway.rows()).map(({ reason }) => reason)
  expect(reasons).toEqual(
    expect.arrayContaining([
      '127.0.0.2: it is no trusted proxy, and this port takes PROXY headers only',
      '127.0.0.9: no valid PROXY header came',
    ]),
  )
})

async function tlsServer(host: string): Promise<{ id: string; url: string }> {
  const server = createTlsServer(SELF_SIGNED, (socket) => void socket.on('error', () => undefined).end(host))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { id: 'main', url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
async function visitTls(port: number, servername: string): Promise<string> {
  const socket = connectTls({ port, host: '127.0.0.1', servername, rejectUnauthorized: false })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    socket.once('close', () => resolve(Buffer.concat(chunks).toString()))
  })
}

describe('TLS that is passed through', () => {
  test('several servers share a port by the name that clients ask for; a name of nobody is told so', async () => {
    const services = await Promise.all(
      ['a.test', 'b.test', 'c.b.test'].map(async (host) => ({
        id: host.replaceAll('.', '-'),
        type: 'tcp' as const,
        hosts: [host === 'c.b.test' ? '*.b.test' : host],
        backends: [await tlsServer(host)],
        health: { type: 'off' as const },
      })),
    )
    const { gateway, port } = await serveTcp(services)
    expect(await Promise.all(['a.test', 'b.test', 'c.b.test'].map((host) => visitTls(port, host)))).toEqual([
      'a.test',
      'b.test',
      'c.b.test',
    ])
    expect(await visitTls(port, 'nobody.test')).toMatch(/UNRECOGNIZED_NAME/)
    await until('the rows', async () => (await gateway.rows()).length === 4)
    expect((await gateway.rows()).find(({ host }) => host === 'nobody.test')).toMatchObject({ error: 'AR_NO_SERVICE', service: null })
  })

  test('a service without names gets whatever no name fits, and what is no TLS at all', async () => {
    const [any, plain] = [await tlsServer('any.test'), await named('plain')]
    const { port, reload } = await serveTcp([tcp([any], { id: 'any' }), tcp([await tlsServer('a.test')], { id: 'a', hosts: ['a.test'] })])
    expect(await Promise.all([visitTls(port, 'a.test'), visitTls(port, 'else.test')])).toEqual(['a.test', 'any.test'])
    await reload([tcp([{ id: 'plain', url: plain.url }], { id: 'any' }), tcp([any], { id: 'a', hosts: ['a.test'] })])
    expect(await readAll(await openRaw(port, 'no tls at all'))).toBe('plain')
  })
})

const withMachine = (service: object): object => ({
  version: 1,
  listeners: [
    { id: 'web', port: 8080 },
    { id: 'port', port: 3390, protocol: 'tcp' },
  ],
  services: [{ id: 'pc', type: 'tcp', backends: [{ id: 'main', url: 'tcp://127.0.0.1:3389' }], ...service }],
})

test('what a tcp service has no use for is refused by name, and so is a listener of another kind', async () => {
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  const issues = async (service: object): Promise<unknown> => (await gateway.tryLoad(withMachine(service))).issues
  expect(await issues({ maxBody: '1GB', path: '/x' })).toEqual([
    { path: 'services[0].maxBody', message: 'a tcp service has no “maxBody”; remove it' },
    { path: 'services[0].path', message: 'a tcp service has no “path”; remove it' },
  ])
  expect(await issues({ listeners: ['web'] })).toEqual([
    { path: 'services[0].listeners[0]', message: 'listener “web” speaks http; a tcp service needs one whose protocol is “tcp”' },
  ])
  expect(await issues({ backends: [{ id: 'main', url: 'http://127.0.0.1:3389' }] })).toEqual([
    { path: 'services[0].backends[0].url', message: 'a backend of a tcp service begins with tcp://' },
  ])
  expect(await issues({ backends: [{ id: 'main', url: 'tcp://127.0.0.1' }] })).toEqual([
    { path: 'services[0].backends[0].url', message: 'add the port, as in tcp://127.0.0.1:3389' },
  ])
})
