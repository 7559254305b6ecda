import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startGateway } from '../../support/gateway'
import { openRaw } from '../../support/raw-client'
import { until } from '../../support/until'

import { allow, type Backends, closed, echo, named, readAll, serveTcp, tcp, tcpServer, visit } from '../../support/tcp-gateway'

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
