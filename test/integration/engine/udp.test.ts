import { expect, test } from 'vitest'
import { until } from '../../support/until'

import { bound, inFlight, one, only, simple, udp, udpClient } from '../../support/udp-gateway'

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
