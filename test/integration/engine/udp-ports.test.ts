import { expect, test } from 'vitest'
import { freePort } from '../../support/free-port'
import { openRaw, readUntil } from '../../support/raw-client'
import { until } from '../../support/until'

import { bound, elsewhere, one, only, serveUdp, simple, udp, udpClient, udpServer } from '../../support/udp-gateway'

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
