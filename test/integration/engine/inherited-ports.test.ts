import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { InheritedPorts } from '../../../proxy/engine/edge/inherited'
import { startBackend, type TestBackend } from '../../support/echo-backend'
import { type Gateway, startGateway } from '../../support/gateway'
import { freePort } from '../../support/free-port'
import { openRaw, readUntil } from '../../support/raw-client'

const address = '127.0.0.1'
let inherited: InheritedPorts
let gateway: Gateway
let backend: TestBackend

beforeEach(async () => {
  inherited = new InheritedPorts()
  backend = await startBackend()
  gateway = await startGateway({ inherited })
})
afterEach(async () => {
  await gateway.stop()
  await backend.stop()
})

test.skipIf(process.platform === 'win32')(
  'a datagram that comes before the next engine has its configuration reaches the backend',
  async () => {
    const [handed, server, client] = [createSocket('udp4'), createSocket('udp4'), createSocket('udp4')]
    onTestFinished(() => void server.close())
    onTestFinished(() => void client.close())
    for (const socket of [handed, server]) {
      socket.bind(0, address)
      await once(socket, 'listening')
    }
    const { port } = handed.address()
    inherited.add(`udp ${address} ${port}`, handed)
    const came = once(handed, 'message')
    client.send('early', port, address)
    await came
    const heard: string[] = []
    server.on('message', (bytes) => heard.push(bytes.toString()))
    await gateway.load({
      version: 1,
      listeners: [{ id: 'dns', address, port, protocol: 'udp' }],
      services: [{ id: 'dns', type: 'udp', backends: [{ id: 'a', url: `udp://${address}:${server.address().port}` }] }],
    })
    const next = once(server, 'message')
    client.send('next', port, address)
    await next
    if (heard.length < 2) await once(server, 'message')
    expect(heard).toEqual(['early', 'next'])
  },
)

test('a trusted proxy that connects before the next engine has its configuration is trusted', async () => {
  const port = await freePort()
  const handed = createServer().listen(port, address)
  await once(handed, 'listening')
  inherited.add(`http ${address} ${port}`, handed)
  const client = await openRaw(port, 'PROXY TCP4 192.0.2.7 192.0.2.1 1000 80\r\nGET /x HTTP/1.1\r\nHost: a.test\r\n\r\n')
  onTestFinished(() => void client.destroy())
  const answer = readUntil(client, (came) => came.includes('\r\n\r\n'))
  await gateway.load({
    version: 1,
    listeners: [{ id: 'web', address, port, proxyProtocol: true }],
    services: [{ id: 'one', backends: [{ id: 'main', url: backend.url }] }],
    settings: { trustedProxies: [address] },
  })
  expect(await answer).toMatch(/^HTTP\/1\.1 200 /)
})
