import { createSocket } from 'node:dgram'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { held } from '../../support/collected'
import { freePort } from '../../support/free-port'
import { startGateway } from '../../support/gateway'
import { tcpServer } from '../../support/tcp-gateway'
import { bound, one, serveUdp, udp } from '../../support/udp-gateway'
import { until } from '../../support/until'

const MB = 1_048_576
const CLIENTS = 100
const PIECE = Buffer.alloc(65_536)

/** Sends `left` bytes, as fast as they are taken, always the same ones: what is held of them is held by the gateway. */
function pour(socket: Socket, left: number): void {
  const go = (): void => {
    while (left > 0) {
      left -= PIECE.length
      if (!socket.write(PIECE)) return void socket.once('drain', () => setImmediate(go))
    }
    socket.end()
  }
  go()
}

test('100 clients that do not read hold no more than is set, of all together; who reads gets all; it is told, and ends with them', async () => {
  const size = 64 * MB
  const server = await tcpServer((socket) => pour(socket, size))
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  const port = await freePort()
  await gateway.load({
    version: 1,
    listeners: [{ id: 'port', address: '127.0.0.1', port, protocol: 'tcp' }],
    services: [{ id: 'machine', type: 'tcp', backends: [{ id: 'a', url: server.url }], health: { type: 'off' } }],
    settings: { limits: { buffers: '16MB' } },
  })
  const before = held()
  const clients = Array.from({ length: CLIENTS }, () => connect(port, '127.0.0.1').pause())
  const end = (): void => {
    for (const client of clients) client.destroy()
  }
  onTestFinished(end)
  await until('it to be told', async () => (await gateway.status()).limits?.['buffers'])
  let got = 0
  const reader = connect(port, '127.0.0.1')
  reader.on('data', ({ length }) => void (got += length))
  await until('the reader to have all', () => got >= size)
  expect(held() - before).toBeLessThan(32 * MB)
  expect(gateway.events.filter(({ name }) => name === 'limit').map(({ payload }) => payload)).toMatchObject([
    { limit: 'buffers', setting: 'settings.limits.buffers' },
  ])
  end()
  await until('all to be let go', async () => (await gateway.status()).busy.connections === 0 && held() - before < 8 * MB)
})

test('200 sources whose large datagrams nobody answers leave next to nothing behind', async () => {
  const silent = (await bound(0, '127.0.0.1')).address().port
  const { gateway, port } = await serveUdp([udp(one({ url: `udp://127.0.0.1:${silent}` }))], {
    settings: { limits: { connectionsPerClient: 1_000 } },
  })
  const before = held()
  const sockets = Array.from({ length: 200 }, () => createSocket('udp4'))
  onTestFinished(() => {
    for (const socket of sockets) socket.close()
  })
  for (const socket of sockets) {
    await new Promise((resolve) => socket.send(Buffer.alloc(60_000), port, '127.0.0.1', resolve))
    await until('its session', async () => (await gateway.status()).busy.connections > sockets.indexOf(socket))
  }
  expect((held() - before) / sockets.length).toBeLessThan(20_000)
})
