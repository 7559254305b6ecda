import { expect, test } from 'vitest'
import { one, only, serveUdp, udp, udpClient, udpServer } from '../../support/udp-gateway'
import { until } from '../../support/until'

const SOURCES = 200

test('however many sources are refused, they take no session from who is let in, and few rows of the log', async () => {
  const server = await udpServer('a', () => null)
  const { gateway, port } = await serveUdp([udp(one(server), only('127.0.0.1'))], { settings: { limits: { connections: 20 } } })
  const inside = await udpClient(port)
  inside.send('a question that takes its time')
  const [question] = await until('the question', () => (server.heard.length > 0 ? server.heard : null))
  for (let count = 0; count < SOURCES; count++) (await udpClient(port, '127.0.0.2')).send('let me in')
  await until('all to be refused', async () => (await gateway.status()).services[0]?.traffic.refused === SOURCES)
  expect(await gateway.status()).toMatchObject({ busy: { connections: 1, running: 1 }, limits: {} })
  server.socket.send('its answer', question?.from.port, '127.0.0.1')
  expect((await inside.next()).toString()).toBe('its answer')
  const rows = await gateway.rows()
  expect(rows.length).toBeLessThan(100)
  expect(rows.every(({ client, error }) => client === '127.0.0.2' && error === 'AR_REFUSED')).toBe(true)
})

test('who is refused is dropped for a while unheard, and let in as soon as the rules do', async () => {
  const server = await udpServer('a')
  const { gateway, port, reload } = await serveUdp([udp(one(server), only('127.0.0.1'))])
  const client = await udpClient(port, '127.0.0.2')
  for (let count = 0; count < 20; count++) client.send('let me in')
  await until('its refusal', async () => (await gateway.rows()).length > 0)
  await reload([udp(one(server), only('127.0.0.2'))])
  expect(await client.ask('and now')).toBe('a:and now')
  expect((await gateway.status()).services[0]?.traffic).toMatchObject({ requests: 2, refused: 1 })
})
