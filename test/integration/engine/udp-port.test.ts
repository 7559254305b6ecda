import { execFileSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import { freeUdpPort } from '../../support/free-port'
import { startGateway } from '../../support/gateway'

async function socketAt(port = 0): Promise<Socket> {
  const socket = createSocket('udp4')
  socket.bind(port, '127.0.0.1')
  await once(socket, 'listening')
  onTestFinished(() => void socket.close())
  return socket
}

async function ask(socket: Socket, port: number, text: string): Promise<string> {
  const answered = once(socket, 'message')
  socket.send(text, port, '127.0.0.1')
  return String((await answered)[0])
}

test('a port that was taken out and is named again while clients still talk goes on with them, and hears new ones', async () => {
  const server = await socketAt()
  server.on('message', (bytes, { port, address }) => server.send(`echo ${String(bytes)}`, port, address))
  const port = await freeUdpPort()
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  const services: ConfigDocument['services'] = [
    { id: 'dns', type: 'udp', backends: [{ id: 'a', url: `udp://127.0.0.1:${server.address().port}` }] },
  ]
  const withPort = (listeners: NonNullable<ConfigDocument['listeners']>): ConfigDocument => ({
    version: 1,
    listeners,
    services: listeners.length === 0 ? [] : services,
  })
  const listener = { id: 'port', address: '127.0.0.1', port, protocol: 'udp' as const }
  await gateway.load(withPort([listener]))
  const [one, two] = [await socketAt(), await socketAt()]
  expect(await ask(one, port, '1')).toBe('echo 1')
  await gateway.load({ ...withPort([listener]), listeners: [] })
  await gateway.load(withPort([listener]))
  expect((await gateway.status()).listeners).toMatchObject([{ state: 'listening', connections: 1 }])
  expect(await ask(one, port, '2')).toBe('echo 2')
  expect(await ask(two, port, '3')).toBe('echo 3')
})

test('another address of the same port can be had at once, although clients of the old one still talk', async () => {
  const server = await socketAt()
  server.on('message', (bytes, { port, address }) => server.send(`echo ${String(bytes)}`, port, address))
  const gateway = await startGateway()
  onTestFinished(() => gateway.stop())
  const port = await freeUdpPort()
  const at = (address: string): ConfigDocument => ({
    version: 1,
    listeners: [{ id: 'port', address, port, protocol: 'udp' }],
    services: [{ id: 'dns', type: 'udp', backends: [{ id: 'a', url: `udp://127.0.0.1:${server.address().port}` }] }],
  })
  await gateway.load(at('0.0.0.0'))
  expect(await ask(await socketAt(), port, '1')).toBe('echo 1')
  await gateway.load(at('127.0.0.1'))
  expect((await gateway.status()).listeners).toMatchObject([{ address: '127.0.0.1', state: 'listening' }])
  expect(await ask(await socketAt(), port, '2')).toBe('echo 2')
})

const raw = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/python3')

test.skipIf(!raw)(
  'a datagram from port 0, which nobody can be answered at, is dropped (skipped where raw sockets are not to be had)',
  async () => {
    const server = await socketAt()
    const heard: string[] = []
    server.on('message', (bytes, { port, address }) => {
      heard.push(String(bytes))
      server.send('answer', port, address)
    })
    const gateway = await startGateway()
    onTestFinished(() => gateway.stop())
    const port = await freeUdpPort()
    await gateway.load({
      version: 1,
      listeners: [{ id: 'port', address: '127.0.0.1', port, protocol: 'udp' }],
      services: [{ id: 'dns', type: 'udp', backends: [{ id: 'a', url: `udp://127.0.0.1:${server.address().port}` }] }],
    })
    execFileSync('/usr/bin/python3', [
      '-c',
      `import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
s.sendto(struct.pack('!HHHH', 0, ${port}, 8 + 4, 0) + b'zero', ('127.0.0.1', 0))`,
    ])
    expect(await ask(await socketAt(), port, 'one')).toBe('answer')
    expect(heard).toEqual(['one'])
  },
)
