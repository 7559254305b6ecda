import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../proxy/contract/config/service'
import { freePort } from '../../support/free-port'
import { freeUdpPort } from '../../support/free-port'
import { type Gateway, type GatewayOptions, startGateway } from '../../support/gateway'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

type Backends = NonNullable<ServiceDocument['backends']>

const open = new Set<Socket>()
async function bound(port: number, address: string): Promise<Socket> {
  const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1 << 20 })
  socket.on('error', () => undefined)
  socket.bind(port, address)
  await once(socket, 'listening')
  open.add(socket)
  onTestFinished(() => closing(socket))
  return socket
}

/** Closes what the test may have closed already. */
const closing = (socket: Socket): Promise<void> => new Promise((resolve) => void (open.delete(socket) ? socket.close(resolve) : resolve()))

/** A server of datagrams that answers each with its name before it, or as it is told. */
async function udpServer(
  name: string,
  answer: (bytes: Buffer) => Buffer | null = (bytes) => Buffer.from(`${name}:${bytes.toString()}`),
  at = 0,
  address = '127.0.0.1',
) {
  const socket = await bound(at, address)
  const heard: { readonly text: string; readonly from: RemoteInfo }[] = []
  socket.on('message', (bytes, from) => {
    heard.push({ text: bytes.toString(), from })
    const reply = answer(bytes)
    if (reply !== null) socket.send(reply, from.port, from.address)
  })
  const { port } = socket.address()
  return {
    url: `udp://${address.includes(':') ? `[${address}]` : address}:${port}`,
    port,
    socket,
    heard,
    texts: () => heard.map(({ text }) => text),
    stop: () => closing(socket),
  }
}

/** A client on a port of its own: all it got, and what comes next. */
async function udpClient(port: number, from = '127.0.0.1') {
  const socket = await bound(0, from)
  const got: Buffer[] = []
  let read = 0
  socket.on('message', (bytes, { port: sender }) => sender === port && got.push(bytes))
  const next = (at = read++): Promise<Buffer> => until('a datagram', () => got[at])
  const send = (data: string | Buffer): void => socket.send(data, port, from.includes(':') ? '::1' : '127.0.0.1')
  const ask = async (text: string): Promise<string> => {
    send(text)
    return (await next()).toString()
  }
  return { got, send, next, ask }
}

async function serveUdp(services: readonly ServiceDocument[], { address = '127.0.0.1', settings = {}, ...options }: GatewayOptions = {}) {
  const gateway = await startGateway(options)
  onTestFinished(() => gateway.stop())
  const port = await freeUdpPort(address)
  const reload = (next: readonly ServiceDocument[], more: Partial<ConfigDocument> = {}): Promise<void> =>
    gateway.load({ version: 1, listeners: [{ id: 'port', address, port, protocol: 'udp' }], services: [...next], settings, ...more })
  await reload(services)
  return { gateway, port, reload }
}

/** One server behind one port, and a client of it. */
async function simple(more: Partial<ServiceDocument> = {}, options: GatewayOptions = {}, answer?: (bytes: Buffer) => Buffer) {
  const server = await udpServer('a', answer)
  const served = await serveUdp([udp(one(server), more)], options)
  return { ...served, server, client: await udpClient(served.port, options.address === '::1' ? '::1' : '127.0.0.1') }
}
const elsewhere = async () => ({ id: 'other', address: '127.0.0.1', port: await freeUdpPort(), protocol: 'udp' as const })
const udp = (backends: Backends, more: Partial<ServiceDocument> = {}): ServiceDocument => ({ id: 'dns', type: 'udp', backends, ...more })
const one = ({ url }: { readonly url: string }): Backends => [{ id: 'a', url }]
/** Knows names below `.here`, which are this machine’s. */
const lookup: GatewayOptions['lookup'] = (host, _options, done) =>
  host.endsWith('.here')
    ? done(null, [{ address: '127.0.0.1', family: 4 }])
    : done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
const only = (from: string): Partial<ServiceDocument> => ({ access: { rules: [{ action: 'allow', from }], default: 'deny' } })
const inFlight = async (gateway: Gateway): Promise<number | undefined> => (await gateway.status()).services[0]?.traffic.inFlight

test('a reply goes back to who asked; what went is counted, shown and told when the session is over', async () => {
  const { gateway, server, client } = await simple({ timeouts: { idle: '1s' } })
  expect([await client.ask('where is wiki?'), await client.ask('again')]).toEqual(['a:where is wiki?', 'a:again'])
  expect(await gateway.status()).toMatchObject({
    listeners: [{ protocol: 'udp', state: 'listening', connections: 1 }],
    services: [
      {
        type: 'udp',
        traffic: { requests: 1, inFlight: 1, bytesIn: 19, bytesOut: 23 },
        backends: [{ inFlight: 1, requests: 1, failed: 0 }],
      },
    ],
  })
  await until('the session to end by itself', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({
    method: 'UDP',
    service: 'dns',
    backend: 'a',
    client: '127.0.0.1',
    bytesIn: 19,
    bytesOut: 23,
    status: 0,
    error: null,
    reason: null,
    attempts: 1,
  })
  expect(await gateway.status()).toMatchObject({
    listeners: [{ connections: 0 }],
    services: [{ traffic: { inFlight: 0, failed: 0 }, backends: [{ inFlight: 0 }] }],
  })
  expect(await client.ask('later')).toBe('a:later')
  expect(new Set(server.heard.map(({ from }) => from.port)).size).toBe(2)
  expect((await gateway.status()).services[0]?.traffic).toMatchObject({ requests: 2, inFlight: 1 })
})
test('200 clients at once: each has a socket of its own towards the backend, and none hears what is another’s', async () => {
  const { port, server } = await simple()
  const clients = await Promise.all(Array.from({ length: 200 }, () => udpClient(port)))
  for (const round of ['x', 'y', 'z'])
    await Promise.all(clients.map(async (client, n) => expect(await client.ask(`${round}${n}`)).toBe(`a:${round}${n}`)))
  expect(clients.every(({ got }, n) => got.join() === ['x', 'y', 'z'].map((round) => `a:${round}${n}`).join())).toBe(true)
  const owners = new Map(server.heard.map(({ text, from }) => [from.port, text.slice(1)]))
  expect(new Set(owners.values()).size).toBe(200)
  expect(server.heard.every(({ text, from }) => owners.get(from.port) === text.slice(1))).toBe(true)
})
test('a stranger who finds a session’s socket does not reach its client', async () => {
  const { server, client } = await simple()
  expect(await client.ask('1')).toBe('a:1')
  const own = server.heard[0]?.from.port ?? 0
  const strangers = [await bound(0, '127.0.0.1'), await bound(server.port, '127.0.0.2')]
  for (const stranger of strangers) await new Promise<void>((resolve) => stranger.send('evil', own, '127.0.0.1', () => resolve()))
  // The backend itself may say more than it was asked.
  server.socket.send('news', own, '127.0.0.1')
  expect((await client.next()).toString()).toBe('news')
  expect(client.got.map(String)).toEqual(['a:1', 'news'])
})
test('empty datagrams and ones of 60 KB pass whole, each for itself', async () => {
  const { client } = await simple({}, {}, (bytes) => bytes)
  for (const size of [0, 1, 1_472, 60_000, 65_507]) {
    const sent = Buffer.alloc(size, String(size))
    client.send(sent)
    expect((await client.next()).equals(sent)).toBe(true)
  }
})
test('what is too large for the backend’s family is lost; that is nobody’s failure', async () => {
  const { gateway, client } = await simple({}, { address: '::1' }, (bytes) => bytes)
  for (let count = 0; count < 4; count++) client.send(Buffer.alloc(65_520))
  expect(await client.ask('small')).toBe('small')
  expect((await gateway.status()).services[0]?.backends[0]).toMatchObject({ failed: 0, requests: 1 })
})
test('who is denied reaches nothing and is told of once, not by datagram; a rule that comes later ends a session, or lets in at once', async () => {
  const { gateway, port, reload, server } = await simple(only('127.0.0.1'))
  const [inside, outside] = [await udpClient(port), await udpClient(port, '127.0.0.2')]
  for (let count = 0; count < 50; count++) outside.send('let me in')
  expect(await inside.ask('hello')).toBe('a:hello')
  await until('the refusal', async () => (await gateway.rows()).length > 0)
  expect(await gateway.rows()).toMatchObject([{ method: 'UDP', error: 'AR_REFUSED', client: '127.0.0.2', backend: null, bytesOut: 0 }])
  expect((await gateway.status()).services[0]).toMatchObject({
    traffic: { requests: 2, refused: 1, failed: 0, inFlight: 1 },
    backends: [{ inFlight: 1 }],
  })
  await reload([udp(one(server), only('127.0.0.2'))])
  expect(await inFlight(gateway)).toBe(0)
  expect(await outside.ask('now?')).toBe('a:now?')
  inside.send('still?')
  await until(
    'its refusal',
    async () => (await gateway.rows()).filter(({ client, error }) => client === '127.0.0.1' && error === 'AR_REFUSED').length === 1,
  )
  expect(server.texts()).toEqual(['hello', 'now?'])
})
test('who is blocked reaches nothing, and is let in as soon as the block is lifted', async () => {
  const { gateway, reload, server, client } = await simple()
  expect(await client.ask('1')).toBe('a:1')
  await reload([udp(one(server))], { blocked: [{ from: '127.0.0.1' }] })
  expect(await inFlight(gateway)).toBe(0)
  client.send('2')
  await until('the refusal', async () => (await gateway.rows()).some(({ error }) => error === 'AR_REFUSED'))
  await reload([udp(one(server))])
  expect(await client.ask('3')).toBe('a:3')
  expect(server.texts()).toEqual(['1', '3'])
})
test('a client has no more sessions than connections; a new one ends the one that was silent longest', async () => {
  const { gateway, port, server } = await simple({}, { settings: { limits: { connectionsPerClient: 2 } } })
  const [first, second, third, other] = [
    await udpClient(port),
    await udpClient(port),
    await udpClient(port),
    await udpClient(port, '127.0.0.2'),
  ]
  expect([await first.ask('1'), await second.ask('2')]).toEqual(['a:1', 'a:2'])
  expect([await third.ask('3'), await other.ask('4')]).toEqual(['a:3', 'a:4'])
  expect(server.texts()).toEqual(['1', '2', '3', '4'])
  expect(await inFlight(gateway)).toBe(3)
  expect((await gateway.rows()).map(({ bytesIn, endedBy, reason }) => [bytesIn, endedBy, reason])).toEqual([
    [1, 'gateway', 'it gave way to a newer one: its address has 2 sessions, as many as settings.limits.connectionsPerClient allows'],
  ])
  expect(await second.ask('5')).toBe('a:5')
})
test('where no service is on the port, or it is switched off, nothing is answered and it is told once', async () => {
  const { gateway, reload, server, client } = await simple({ enabled: false })
  for (let count = 0; count < 20; count++) client.send('anyone?')
  await until('the row', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({ method: 'UDP', error: 'AR_NO_SERVICE', service: null })
  await reload([udp(one(server))])
  expect(await client.ask('now?')).toBe('a:now?')
  expect(await gateway.rows()).toHaveLength(1)
})
test('several take turns', async () => {
  const servers = await Promise.all(['a', 'b', 'c'].map((name) => udpServer(name)))
  const { port } = await serveUdp([udp(servers.map(({ url }, n) => ({ id: `s${n}`, url })))])
  const answers = await Promise.all(Array.from({ length: 9 }, async () => (await udpClient(port)).ask('')))
  expect(answers.toSorted()).toEqual(['a:', 'a:', 'a:', 'b:', 'b:', 'b:', 'c:', 'c:', 'c:'])
})
test.each(['primary', 'backup'] as const)(
  'a closed port is known by ICMP: the datagram goes to another, a %s, and the failure is counted',
  async (role) => {
    const [gone, b] = [await udpServer('gone'), await udpServer('b')]
    await gone.stop()
    const { gateway, port } = await serveUdp([
      udp(
        [
          { id: 'gone', url: gone.url },
          { id: 'b', url: b.url, role },
        ],
        { timeouts: { idle: '1s' } },
      ),
    ])
    // By turns the first may be the one that works.
    expect([await (await udpClient(port)).ask('1'), await (await udpClient(port)).ask('2')]).toEqual(['b:1', 'b:2'])
    const { backends = [], traffic } = (await gateway.status()).services[0] ?? {}
    expect(backends).toMatchObject([{ inFlight: 0 }, { inFlight: 2, failed: 0 }])
    expect(backends[0]?.failed).toBeGreaterThan(0)
    expect(traffic).toMatchObject({ requests: 2, failed: 0, inFlight: 2 })
    await until('the rows', async () => (await gateway.rows()).length === 2)
    expect((await gateway.rows()).map(({ attempts }) => attempts)).toContain(2)
    expect((await gateway.rows()).every(({ backend, error }) => backend === 'b' && error === null)).toBe(true)
  },
)
test('one that dies within a session ends it, and the client’s next datagram goes to another', async () => {
  const [a, b] = [await udpServer('a'), await udpServer('b')]
  const { gateway, port } = await serveUdp([
    udp([
      { id: 'a', url: a.url },
      { id: 'b', url: b.url, role: 'backup' },
    ]),
  ])
  const client = await udpClient(port)
  expect(await client.ask('1')).toBe('a:1')
  await a.stop()
  client.send('2')
  await until('the end', async () => (await gateway.rows()).length === 1)
  expect((await gateway.rows())[0]).toMatchObject({ backend: 'a', endedBy: 'backend', reason: 'a: nothing listens on this port' })
  expect((await gateway.status()).services[0]).toMatchObject({
    traffic: { failed: 1 },
    backends: [{ failed: 1, inFlight: 0 }, { failed: 0 }],
  })
  expect(await client.ask('3')).toBe('b:3')
})
test('the only one, where nothing listens: each client is told of once a second at most, and served once it is back', async () => {
  const gone = await udpServer('a')
  await gone.stop()
  const { gateway, port } = await serveUdp([udp(one(gone))])
  const client = await udpClient(port)
  for (let count = 0; count < 50; count++) client.send(String(count))
  await until('the row', async () => (await gateway.rows()).length > 0)
  for (let count = 0; count < 50; count++) client.send(String(count))
  expect(await gateway.rows()).toMatchObject([{ error: 'AR_BACKEND_FAILED', backend: 'a', reason: 'a: nothing listens on this port' }])
  await udpServer('back', undefined, gone.port)
  await until('it to be served', () => {
    client.send('there?')
    return client.got.some((bytes) => bytes.toString() === 'back:there?')
  })
})
test.each(['127.0.0.1', '::1'])('one given as localhost is found on %s', async (address) => {
  const server = await udpServer('a', undefined, 0, address)
  const { port } = await serveUdp([udp([{ id: 'a', url: `udp://localhost:${server.port}` }])])
  expect(await (await udpClient(port)).ask('1')).toBe('a:1')
})
test('one given by name is looked up; a name of nobody, and an address that cannot be reached at all, are failures like any other', async () => {
  const server = await udpServer('a')
  // Who sends to everybody has to ask for leave: connect(2) says EACCES.
  const urls = [`udp://nobody.test:${server.port}`, 'udp://255.255.255.255:9', `udp://pc.here:${server.port}`]
  const { gateway, port } = await serveUdp(
    [
      udp(
        urls.map((url, n) => ({ id: `s${n}`, url, role: n === 0 ? 'primary' : 'backup' })),
        { retry: { attempts: 2 } },
      ),
    ],
    { lookup },
  )
  expect(await (await udpClient(port)).ask('1')).toBe('a:1')
  expect((await gateway.status()).services[0]?.backends).toMatchObject([{ failed: 1 }, { failed: 1 }, { failed: 0, inFlight: 1 }])
})
test('a drained one keeps its sessions and gets no new ones; disconnecting ends them', async () => {
  const [a, b] = [await udpServer('a'), await udpServer('b')]
  const list = (state: 'active' | 'draining'): Backends => [
    { id: 'a', url: a.url, state },
    { id: 'b', url: b.url, role: 'backup' },
  ]
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
  const { gateway, port, client } = await simple({}, { lookup })
  const document = (url: string): ConfigDocument => ({
    version: 1,
    listeners: [{ id: 'port', address: '127.0.0.1', port, protocol: 'udp' }],
    services: [udp([{ id: 'a', url }])],
  })
  expect(await gateway.tryLoad(document(`udp://127.0.0.1:${port}`))).toMatchObject({
    ok: false,
    issues: [{ path: 'services[0].backends[0].url', message: expect.stringContaining('points back to AstroRelay itself') }],
  })
  await gateway.load(document(`udp://innocent.here:${port}`))
  for (let count = 0; count < 20; count++) client.send('round')
  await until('the row', async () => (await gateway.rows()).length > 0)
  expect(await gateway.rows()).toMatchObject([{ error: 'AR_BACKEND_LOOP', reason: 'a: the address leads back to the gateway itself' }])
  expect((await gateway.status()).services[0]?.traffic).toMatchObject({ requests: 1, bytesOut: 0 })
})
test('IPv6, and a dual-stack one that both families reach, each client by its plain address', async () => {
  const server = await udpServer('six', undefined, 0, '::1')
  const { gateway, port } = await serveUdp([udp(one(server), only('127.0.0.1'))], { address: '::' })
  expect(await (await udpClient(port)).ask('4')).toBe('six:4')
  ;(await udpClient(port, '::1')).send('6')
  await until('the refusal', async () => (await gateway.rows()).some(({ client, error }) => client === '::1' && error === 'AR_REFUSED'))
  const { port: other } = await serveUdp([udp(one(server))], { address: '::1' })
  expect(await (await udpClient(other, '::1')).ask('6')).toBe('six:6')
})
test('TCP and UDP have the same port at once', async () => {
  const [{ gateway, server }, port] = [await simple(), await freePort()]
  await gateway.load({
    version: 1,
    listeners: [
      { id: 't', address: '127.0.0.1', port, protocol: 'tcp' },
      { id: 'u', address: '127.0.0.1', port, protocol: 'udp' },
    ],
    services: [udp(one(server)), { id: 'pc', type: 'tcp', backends: [{ id: 'web', url: `tcp://127.0.0.1:${gateway.port}` }] }],
  })
  expect(await (await udpClient(port)).ask('1')).toBe('a:1')
  expect(await readUntil(await openRaw(port), () => false)).toBe('')
  await until('the row', async () => (await gateway.rows()).some(({ method, service }) => method === 'TCP' && service === 'pc'))
  expect((await gateway.status()).listeners).toMatchObject([
    { protocol: 'tcp', state: 'listening' },
    { protocol: 'udp', state: 'listening' },
  ])
})
test('one that is taken out keeps its sessions until they are silent, hears nobody new, and then its port can be had', async () => {
  const { gateway, port, reload, server } = await simple({ timeouts: { idle: '1s' } })
  const [running, fresh] = [await udpClient(port), await udpClient(port)]
  expect(await running.ask('1')).toBe('a:1')
  await reload([udp(one(server), { timeouts: { idle: '1s' } })], { listeners: [await elsewhere()] })
  fresh.send('anyone?')
  expect(await running.ask('2')).toBe('a:2')
  expect(server.texts()).toEqual(['1', '2'])
  await until('the session to end', async () => (await gateway.rows()).length === 1)
  await until('the port to be free', () =>
    bound(port, '127.0.0.1').then(
      () => true,
      () => false,
    ),
  )
})
test('stopping ends all there is, and does not wait for the silence of a listener that was taken out before', async () => {
  const { gateway, port, reload, server } = await simple()
  expect(await (await udpClient(port)).ask('1')).toBe('a:1')
  await reload([udp(one(server))], { listeners: [await elsewhere()] })
  await gateway.stop(50)
  expect((await bound(port, '127.0.0.1')).address().port).toBe(port)
})
test('a port that another program has is said to be in use', async () => {
  const { gateway, reload } = await simple()
  const taken = await bound(0, '127.0.0.1')
  await reload([], { listeners: [{ ...(await elsewhere()), port: taken.address().port }] })
  expect((await gateway.status()).listeners).toMatchObject([{ state: 'failed', code: 'in-use' }])
})
