import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { freePort } from '../../support/free-port'
import { type Gateway, type GatewayOptions, startGateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

type Backends = NonNullable<ServiceDocument['backends']>
type Settings = NonNullable<ConfigDocument['settings']>

async function bound(port: number, address: string): Promise<Socket> {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 })
  socket.on('error', () => undefined)
  socket.bind(port, address)
  await once(socket, 'listening')
  onTestFinished(() => void stop(socket))
  return socket
}

/** Closes what the test may have closed already. */
async function stop(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    try {
      socket.close(resolve)
    } catch {
      resolve()
    }
  })
}

/** A port of loopback that no datagram socket has. */
async function freeUdpPort(address = '127.0.0.1'): Promise<number> {
  const socket = await bound(0, address)
  const { port } = socket.address()
  await stop(socket)
  return port
}

interface UdpServer {
  readonly url: string
  readonly socket: Socket
  readonly heard: { readonly text: string; readonly from: RemoteInfo }[]
  stop(): Promise<void>
}

/** A server of datagrams that answers each with its name before it, or as it is told. */
async function udpServer(name: string, answer: (bytes: Buffer) => Buffer | null = (bytes) => Buffer.from(`${name}:${bytes.toString()}`), port = 0, address = '127.0.0.1'): Promise<UdpServer> {
  const socket = await bound(port, address)
  const heard: UdpServer['heard'][number][] = []
  socket.on('message', (bytes, from) => {
    heard.push({ text: bytes.toString(), from })
    const reply = answer(bytes)
    if (reply !== null) socket.send(reply, from.port, from.address)
  })
  const host = address.includes(':') ? `[${address}]` : address
  return { url: `udp://${host}:${socket.address().port}`, socket, heard, stop: () => stop(socket) }
}

interface UdpClient {
  readonly got: Buffer[]
  send(data: string | Buffer): void
  /** What comes next. */
  next(): Promise<Buffer>
  ask(text: string): Promise<string>
}

async function udpClient(port: number, from = '127.0.0.1', to = from.includes(':') ? '::1' : '127.0.0.1'): Promise<UdpClient> {
  const socket = await bound(0, from)
  const got: Buffer[] = []
  let read = 0
  socket.on('message', (bytes, { port: sender }) => sender === port && got.push(bytes))
  const next = async (): Promise<Buffer> => {
    const at = read++
    return until('a datagram', () => got[at])
  }
  const send = (data: string | Buffer): void => socket.send(data, port, to)
  const ask = async (text: string): Promise<string> => {
    send(text)
    return (await next()).toString()
  }
  return { got, send, next, ask }
}

interface Served {
  readonly gateway: Gateway
  readonly port: number
  reload(services: readonly ServiceDocument[], more?: Partial<ConfigDocument>): Promise<void>
}

async function serveUdp(services: readonly ServiceDocument[], { address = '127.0.0.1', settings = {}, ...options }: GatewayOptions & { settings?: Settings } = {}): Promise<Served> {
  const gateway = await startGateway(options)
  onTestFinished(() => gateway.stop())
  const port = await freeUdpPort(address)
  const reload: Served['reload'] = (next, more = {}) => gateway.load({ version: 1, listeners: [{ id: 'port', address, port, protocol: 'udp' }], services: [...next], settings, ...more })
  await reload(services)
  return { gateway, port, reload }
}

const udp = (backends: Backends, more: Partial<ServiceDocument> = {}): ServiceDocument => ({ id: 'dns', type: 'udp', backends, ...more })
const one = ({ url }: UdpServer): Backends => [{ id: 'a', url }]
const only = (from: string): Partial<ServiceDocument> => ({ access: { rules: [{ action: 'allow', from }], default: 'deny' } })
const inFlight = async (gateway: Gateway): Promise<number | undefined> => (await gateway.status()).services[0]?.traffic.inFlight

describe('sessions', () => {
  test('a reply goes back to who asked; what went is counted, shown and told when the session is over', async () => {
    const server = await udpServer('a')
    const { gateway, port } = await serveUdp([udp(one(server), { timeouts: { idle: '1s' } })])
    const client = await udpClient(port)
    expect(await client.ask('where is wiki?')).toBe('a:where is wiki?')
    expect(await client.ask('again')).toBe('a:again')
    expect(await gateway.status()).toMatchObject({ listeners: [{ protocol: 'udp', state: 'listening', connections: 1 }], services: [{ type: 'udp', traffic: { requests: 1, inFlight: 1, bytesIn: 19, bytesOut: 23 }, backends: [{ inFlight: 1, requests: 1, failed: 0 }] }] })
    await until('the session to end by itself', async () => (await gateway.rows()).length === 1)
    expect((await gateway.rows())[0]).toMatchObject({ method: 'UDP', service: 'dns', backend: 'a', client: '127.0.0.1', bytesIn: 19, bytesOut: 23, status: 0, error: null, reason: null, attempts: 1 })
    expect(await gateway.status()).toMatchObject({ listeners: [{ connections: 0 }], services: [{ traffic: { inFlight: 0, failed: 0 }, backends: [{ inFlight: 0 }] }] })
    expect(await client.ask('later')).toBe('a:later')
    expect(new Set(server.heard.map(({ from }) => from.port)).size).toBe(2)
    expect((await gateway.status()).services[0]?.traffic).toMatchObject({ requests: 2, inFlight: 1 })
  })

  test('200 clients at once: each has a socket of its own towards the backend, and none hears what is another’s', async () => {
    const server = await udpServer('a')
    const { port } = await serveUdp([udp(one(server))])
    const clients = await Promise.all(Array.from({ length: 200 }, () => udpClient(port)))
    for (const round of ['x', 'y', 'z']) await Promise.all(clients.map(async (client, n) => expect(await client.ask(`${round}${n}`)).toBe(`a:${round}${n}`)))
    expect(clients.every(({ got }, n) => got.join() === ['x', 'y', 'z'].map((round) => `a:${round}${n}`).join())).toBe(true)
    const owners = new Map(server.heard.map(({ text, from }) => [from.port, text.slice(1)]))
    expect(new Set(owners.values()).size).toBe(200)
    expect(server.heard.every(({ text, from }) => owners.get(from.port) === text.slice(1))).toBe(true)
  })

  test('a stranger who finds a session’s socket does not reach its client', async () => {
    const server = await udpServer('a')
    const { port } = await serveUdp([udp(one(server))])
    const client = await udpClient(port)
    expect(await client.ask('1')).toBe('a:1')
    const own = server.heard[0]?.from.port ?? 0
    const strangers = [await bound(0, '127.0.0.1'), await bound(server.socket.address().port, '127.0.0.2')]
    for (const stranger of strangers) await new Promise((resolve) => void stranger.send('evil', own, '127.0.0.1', resolve))
    expect(await client.ask('2')).toBe('a:2')
    expect(client.got.map(String)).toEqual(['a:1', 'a:2'])
  })

  test('empty datagrams and ones of 60 KB pass whole, each for itself', async () => {
    const server = await udpServer('a', (bytes) => bytes)
    const { port } = await serveUdp([udp(one(server))])
    const client = await udpClient(port)
    for (const size of [0, 1, 1_472, 60_000, 65_507]) {
      const sent = Buffer.alloc(size, String(size))
      client.send(sent)
      expect((await client.next()).equals(sent)).toBe(true)
    }
  })

  test('what is too large for the backend’s family is lost; that is nobody’s failure', async () => {
    const server = await udpServer('a', (bytes) => bytes)
    const { gateway, port } = await serveUdp([udp(one(server))], { address: '::1' })
    const client = await udpClient(port, '::1')
    for (let count = 0; count < 4; count++) client.send(Buffer.alloc(65_520))
    expect(await client.ask('small')).toBe('small')
    expect((await gateway.status()).services[0]?.backends[0]).toMatchObject({ failed: 0, requests: 1 })
  })

  test('a datagram before an answer, and answers that nobody asked for again, are carried', async () => {
    const server = await udpServer('a', () => null)
    const { port } = await serveUdp([udp(one(server))])
    const client = await udpClient(port)
    client.send('subscribe')
    const { from } = await until('it', () => server.heard[0])
    for (const text of ['1', '2', '3']) server.socket.send(text, from.port, from.address)
    expect([await client.next(), await client.next(), await client.next()].map(String)).toEqual(['1', '2', '3'])
  })
})

describe('rules', () => {
  test('who is denied reaches nothing and is told of once, not by datagram; a rule that comes later ends a session, or lets in at once', async () => {
    const server = await udpServer('a')
    const { gateway, port, reload } = await serveUdp([udp(one(server), only('127.0.0.1'))])
    const [inside, outside] = [await udpClient(port), await udpClient(port, '127.0.0.2')]
    for (let count = 0; count < 50; count++) outside.send('let me in')
    expect(await inside.ask('hello')).toBe('a:hello')
    await until('the refusal', async () => (await gateway.rows()).length > 0)
    expect(await gateway.rows()).toMatchObject([{ method: 'UDP', error: 'AR_REFUSED', client: '127.0.0.2', backend: null, bytesOut: 0 }])
    expect((await gateway.status()).services[0]).toMatchObject({ traffic: { requests: 2, refused: 1, failed: 0, inFlight: 1 }, backends: [{ inFlight: 1 }] })
    expect(server.heard.map(({ text }) => text)).toEqual(['hello'])
    await reload([udp(one(server), only('127.0.0.2'))])
    expect(await inFlight(gateway)).toBe(0)
    expect(await outside.ask('now?')).toBe('a:now?')
    inside.send('still?')
    await until('its refusal', async () => (await gateway.rows()).filter(({ client, error }) => client === '127.0.0.1' && error === 'AR_REFUSED').length === 1)
    expect(server.heard.map(({ text }) => text)).toEqual(['hello', 'now?'])
  })

  test('who is blocked reaches nothing, and is let in as soon as the block is lifted', async () => {
    const server = await udpServer('a')
    const { gateway, port, reload } = await serveUdp([udp(one(server))])
    const client = await udpClient(port)
    expect(await client.ask('1')).toBe('a:1')
    await reload([udp(one(server))], { blocked: [{ from: '127.0.0.1' }] })
    expect(await inFlight(gateway)).toBe(0)
    client.send('2')
    await until('the refusal', async () => (await gateway.rows()).some(({ error }) => error === 'AR_REFUSED'))
    await reload([udp(one(server))])
    expect(await client.ask('3')).toBe('a:3')
    expect(server.heard.map(({ text }) => text)).toEqual(['1', '3'])
  })

  test('a client has no more sessions than connections, and gets a new one once another has ended', async () => {
    const server = await udpServer('a')
    const { gateway, port } = await serveUdp([udp(one(server), { timeouts: { idle: '1s' } })], { settings: { limits: { connectionsPerClient: 2 } } })
    const [first, second, third, other] = [await udpClient(port), await udpClient(port), await udpClient(port), await udpClient(port, '127.0.0.2')]
    expect([await first.ask('1'), await second.ask('2')]).toEqual(['a:1', 'a:2'])
    third.send('3')
    expect(await other.ask('4')).toBe('a:4')
    expect(server.heard.map(({ text }) => text)).toEqual(['1', '2', '4'])
    await until('the others to be silent', async () => (await inFlight(gateway)) === 0)
    expect(await third.ask('5')).toBe('a:5')
  })

  test('where no service is on the port, or it is switched off, nothing is answered and it is told once', async () => {
    const server = await udpServer('a')
    const { gateway, port, reload } = await serveUdp([udp(one(server), { enabled: false })])
    const client = await udpClient(port)
    for (let count = 0; count < 20; count++) client.send('anyone?')
    await until('the row', async () => (await gateway.rows()).length === 1)
    expect((await gateway.rows())[0]).toMatchObject({ method: 'UDP', error: 'AR_NO_SERVICE', service: null })
    await reload([udp(one(server))])
    expect(await client.ask('now?')).toBe('a:now?')
    expect(await gateway.rows()).toHaveLength(1)
  })
})

describe('backends', () => {
  test('several take turns', async () => {
    const servers = await Promise.all(['a', 'b', 'c'].map((name) => udpServer(name)))
    const { port } = await serveUdp([udp(servers.map(({ url }, n) => ({ id: `s${n}`, url })))])
    const answers: string[] = []
    for (let count = 0; count < 9; count++) answers.push(await (await udpClient(port)).ask(''))
    expect(answers.toSorted()).toEqual(['a:', 'a:', 'a:', 'b:', 'b:', 'b:', 'c:', 'c:', 'c:'])
  })

  test.each(['primary', 'backup'] as const)('a closed port is known by ICMP: the datagram goes to another, a %s, and the failure is counted', async (role) => {
    const [gone, b] = [await udpServer('gone'), await udpServer('b')]
    await gone.stop()
    const { gateway, port } = await serveUdp([udp([{ id: 'gone', url: gone.url }, { id: 'b', url: b.url, role }], { timeouts: { idle: '1s' } })])
    const client = await udpClient(port)
    // By turns the first may be the one that works.
    expect([await client.ask('1'), await (await udpClient(port)).ask('2')]).toEqual(['b:1', 'b:2'])
    const { backends = [], traffic } = (await gateway.status()).services[0] ?? {}
    expect(backends).toMatchObject([{ inFlight: 0 }, { inFlight: 2, failed: 0 }])
    expect(backends[0]?.failed).toBeGreaterThan(0)
    expect(traffic).toMatchObject({ requests: 2, failed: 0, inFlight: 2 })
    await until('the rows', async () => (await gateway.rows()).length === 2)
    expect((await gateway.rows()).map(({ attempts }) => attempts)).toContain(2)
    expect((await gateway.rows()).every(({ backend, error }) => backend === 'b' && error === null)).toBe(true)
  })

  test('one that dies within a session ends it, and the client’s next datagram goes to another', async () => {
    const [a, b] = [await udpServer('a'), await udpServer('b')]
    const { gateway, port } = await serveUdp([udp([{ id: 'a', url: a.url }, { id: 'b', url: b.url, role: 'backup' }])])
    const client = await udpClient(port)
    expect(await client.ask('1')).toBe('a:1')
    await a.stop()
    client.send('2')
    await until('the end', async () => (await gateway.rows()).length === 1)
    expect((await gateway.rows())[0]).toMatchObject({ backend: 'a', endedBy: 'backend', reason: 'a: nothing listens on this port' })
    expect((await gateway.status()).services[0]).toMatchObject({ traffic: { failed: 1 }, backends: [{ failed: 1, inFlight: 0 }, { failed: 0 }] })
    expect(await client.ask('3')).toBe('b:3')
  })

  test('the only one, where nothing listens: each client is told of once a second at most, and served once it is back', async () => {
    const gone = await udpServer('a')
    const { port: own } = gone.socket.address()
    await gone.stop()
    const { gateway, port } = await serveUdp([udp(one(gone))])
    const client = await udpClient(port)
    for (let count = 0; count < 50; count++) client.send(String(count))
    await until('the row', async () => (await gateway.rows()).length > 0)
    for (let count = 0; count < 50; count++) client.send(String(count))
    expect(await gateway.rows()).toMatchObject([{ error: 'AR_BACKEND_FAILED', backend: 'a', reason: 'a: nothing listens on this port' }])
    await udpServer('back', undefined, own)
    await until('it to be served', () => {
      client.send('there?')
      return client.got.some((bytes) => bytes.toString() === 'back:there?')
    })
  })

  test('an address that cannot be reached at all is a failure like any other', async () => {
    const b = await udpServer('b')
    // Datagrams to everybody need a leave that nobody has asked for: connect(2) says EACCES.
    const { gateway, port } = await serveUdp([udp([{ id: 'nowhere', url: 'udp://255.255.255.255:9' }, { id: 'b', url: b.url, role: 'backup' }])])
    expect(await (await udpClient(port)).ask('1')).toBe('b:1')
    expect((await gateway.status()).services[0]?.backends).toMatchObject([{ failed: 1 }, { failed: 0 }])
  })

  test.each(['127.0.0.1', '::1'])('one given as localhost is found on %s', async (address) => {
    const server = await udpServer('a', undefined, 0, address)
    const { port } = await serveUdp([udp([{ id: 'a', url: `udp://localhost:${server.socket.address().port}` }])])
    expect(await (await udpClient(port)).ask('1')).toBe('a:1')
  })

  test('one given by name is looked up; a name of nobody is a failure', async () => {
    const server = await udpServer('a')
    const lookup: GatewayOptions['lookup'] = (host, _options, done) => (host === 'dns.test' ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []))
    const own = server.socket.address().port
    const { gateway, port } = await serveUdp([udp([{ id: 'nobody', url: `udp://nobody.test:${own}` }, { id: 'a', url: `udp://dns.test:${own}`, role: 'backup' }])], { lookup })
    expect(await (await udpClient(port)).ask('1')).toBe('a:1')
    expect((await gateway.status()).services[0]?.backends).toMatchObject([{ failed: 1 }, { failed: 0 }])
  })

  test('a drained one keeps its sessions and gets no new ones; disconnecting ends them', async () => {
    const [a, b] = [await udpServer('a'), await udpServer('b')]
    const list = (state: 'active' | 'draining'): Backends => [{ id: 'a', url: a.url, state }, { id: 'b', url: b.url, role: 'backup' }]
    const { gateway, port, reload } = await serveUdp([udp(list('active'))])
    const [running, fresh] = [await udpClient(port), await udpClient(port)]
    expect(await running.ask('1')).toBe('a:1')
    await reload([udp(list('draining'))])
    expect([await fresh.ask('2'), await running.ask('3')]).toEqual(['b:2', 'a:3'])
    expect((await gateway.status()).services[0]?.backends).toMatchObject([{ state: 'draining', inFlight: 1 }, { inFlight: 1 }])
    expect(await gateway.call('backend.disconnect', { service: 'dns', backend: 'a' })).toEqual({ cut: 1 })
    expect((await gateway.rows())[0]).toMatchObject({ backend: 'a', endedBy: 'gateway' })
    expect(await running.ask('4')).toBe('b:4')
  })

  test('one that leads back to the listener is refused by the check, and at run time where only the resolver knew', async () => {
    const server = await udpServer('a')
    const lookup: GatewayOptions['lookup'] = (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }])
    const { gateway, port } = await serveUdp([udp(one(server))], { lookup })
    const document = (url: string): ConfigDocument => ({ version: 1, listeners: [{ id: 'port', address: '127.0.0.1', port, protocol: 'udp' }], services: [udp([{ id: 'a', url }])] })
    expect(await gateway.tryLoad(document(`udp://127.0.0.1:${port}`))).toMatchObject({ ok: false, issues: [{ path: 'services[0].backends[0].url', message: expect.stringContaining('points back to AstroRelay itself') }] })
    await gateway.load(document(`udp://innocent.test:${port}`))
    const client = await udpClient(port)
    for (let count = 0; count < 20; count++) client.send('round')
    await until('the row', async () => (await gateway.rows()).length > 0)
    expect(await gateway.rows()).toMatchObject([{ error: 'AR_BACKEND_LOOP', reason: 'a: the address leads back to the gateway itself' }])
    expect((await gateway.status()).services[0]?.traffic).toMatchObject({ requests: 1, bytesOut: 0 })
  })
})

describe('listeners', () => {
  test('IPv6, and a dual-stack one that both families reach, each client by its plain address', async () => {
    const server = await udpServer('six', undefined, 0, '::1')
    const { gateway, port } = await serveUdp([udp(one(server), only('127.0.0.1'))], { address: '::' })
    expect(await (await udpClient(port)).ask('4')).toBe('six:4')
    const sixth = await udpClient(port, '::1')
    sixth.send('6')
    await until('the refusal', async () => (await gateway.rows()).some(({ client, error }) => client === '::1' && error === 'AR_REFUSED'))
    const { port: other } = await serveUdp([udp(one(server))], { address: '::1' })
    expect(await (await udpClient(other, '::1')).ask('6')).toBe('six:6')
  })

  test('TCP and UDP have the same port at once', async () => {
    const server = await udpServer('a')
    const stream = createServer((socket) => void socket.on('error', () => undefined).end('stream')).listen(0, '127.0.0.1')
    await once(stream, 'listening')
    onTestFinished(() => void stream.close())
    const address = stream.address()
    const gateway = await startGateway()
    onTestFinished(() => gateway.stop())
    const port = await freePort()
    await gateway.load({ version: 1, listeners: [{ id: 't', address: '127.0.0.1', port, protocol: 'tcp' }, { id: 'u', address: '127.0.0.1', port, protocol: 'udp' }], services: [udp(one(server)), { id: 'pc', type: 'tcp', backends: [{ id: 'a', url: `tcp://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}` }] }] })
    expect(await (await udpClient(port)).ask('1')).toBe('a:1')
    expect(await readUntil(await openRaw(port), (text) => text === 'stream')).toBe('stream')
    expect((await gateway.status()).listeners).toMatchObject([{ protocol: 'tcp', state: 'listening' }, { protocol: 'udp', state: 'listening' }])
  })

  test('one that is taken out keeps its sessions until they are silent, hears nobody new, and then its port can be had', async () => {
    const server = await udpServer('a')
    const { gateway, port } = await serveUdp([udp(one(server), { timeouts: { idle: '1s' } })])
    const [running, fresh] = [await udpClient(port), await udpClient(port)]
    expect(await running.ask('1')).toBe('a:1')
    await gateway.load({ version: 1, listeners: [{ id: 'other', address: '127.0.0.1', port: await freeUdpPort(), protocol: 'udp' }], services: [udp(one(server), { timeouts: { idle: '1s' } })] })
    fresh.send('anyone?')
    expect(await running.ask('2')).toBe('a:2')
    expect(server.heard.map(({ text }) => text)).toEqual(['1', '2'])
    await until('the session to end', async () => (await gateway.rows()).length === 1)
    const next = await until('the port to be free', () => bound(port, '127.0.0.1').catch(() => null))
    expect(next.address().port).toBe(port)
  })

  test('stopping ends all there is, in good time, also after a listener was taken out', async () => {
    const server = await udpServer('a')
    const { gateway, port } = await serveUdp([udp(one(server))])
    expect(await (await udpClient(port)).ask('1')).toBe('a:1')
    await gateway.load({ version: 1, listeners: [{ id: 'other', address: '127.0.0.1', port: await freeUdpPort(), protocol: 'udp' }], services: [udp(one(server))] })
    await gateway.stop(50)
    expect((await bound(port, '127.0.0.1')).address().port).toBe(port)
  })

  test('a port that another program has is said to be in use', async () => {
    const taken = await bound(0, '127.0.0.1')
    const gateway = await startGateway()
    onTestFinished(() => gateway.stop())
    await gateway.load({ version: 1, listeners: [{ id: 'u', address: '127.0.0.1', port: taken.address().port, protocol: 'udp' }], services: [] })
    expect((await gateway.status()).listeners).toMatchObject([{ state: 'failed', code: 'in-use' }])
  })
})
