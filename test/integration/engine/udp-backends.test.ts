import { expect, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { until } from '../../support/until'

import { type Backends, lookup, one, serveUdp, simple, udp, udpClient, udpServer } from '../../support/udp-gateway'

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
