import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ServiceDocument } from '../../proxy/contract/config/service'
import { freePort } from './free-port'
import { type Gateway, type GatewayOptions, startGateway } from './gateway'
import { openRaw } from './raw-client'

export type Backends = NonNullable<ServiceDocument['backends']>

interface TcpServer {
  readonly url: string
  readonly port: number
  readonly sockets: Set<Socket>
  stop(): void
}

/** A server of bytes on loopback, half-open as far as its handler wants. */
export async function tcpServer(handler: (socket: Socket) => void, port = 0): Promise<TcpServer> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    handler(socket)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = (): void => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  onTestFinished(stop)
  const { port: own } = server.address() as AddressInfo
  return { url: `tcp://127.0.0.1:${own}`, port: own, sockets, stop }
}

export const named = (name: string) => tcpServer((socket) => void socket.end(name))
export const echo = () => tcpServer((socket) => void socket.pipe(socket))

export async function serveTcp(
  services: readonly ServiceDocument[],
  { lookup, ...more }: Pick<GatewayOptions, 'lookup'> & { proxyProtocol?: boolean } = {},
): Promise<{ gateway: Gateway; port: number; reload: (next: readonly ServiceDocument[]) => Promise<void> }> {
  const gateway = await startGateway(lookup ? { lookup } : {})
  onTestFinished(() => gateway.stop())
  const port = await freePort()
  const reload = (next: readonly ServiceDocument[]): Promise<void> =>
    gateway.load({
      version: 1,
      listeners: [{ id: 'port', address: '127.0.0.1', port, protocol: 'tcp', ...more }],
      services: [...next],
      settings: { trustedProxies: ['127.0.0.9'] },
    })
  await reload(services)
  return { gateway, port, reload }
}

export const tcp = (backends: Backends, more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  id: 'machine',
  type: 'tcp',
  backends,
  health: { type: 'off' },
  ...more,
})

/** A backend at a port of this machine. */
export const at = (id: string, port: number, more: Partial<Backends[number]> = {}): Backends[number] => ({
  id,
  url: `tcp://127.0.0.1:${port}`,
  ...more,
})

export const healths = async (gateway: Gateway): Promise<readonly { health: string; reason: string | null }[]> =>
  (await gateway.status()).services[0]?.backends ?? []

/** All that comes on a connection until it ends; null where it was reset. */
export async function readAll(socket: Socket): Promise<string | null> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
  const broken = new Promise<null>((resolve) => void socket.once('error', () => resolve(null)))
  const ended = once(socket, 'close').then(() => Buffer.concat(chunks).toString('latin1'))
  return Promise.race([broken, ended])
}

export const allow = (from: string): Partial<ServiceDocument> => ({ access: { rules: [{ action: 'allow', from }], default: 'deny' } })

export const closed = (socket: Socket): Promise<void> => new Promise((resolve) => void socket.once('close', () => resolve()))

export const visit = async (port: number, from = '127.0.0.1'): Promise<string | null> => readAll(await openRaw(port, '', '127.0.0.1', from))

/** A server of bytes on loopback that accepts, and no more than that where nothing is said. */
export async function accepting(server: Server = createServer((socket) => void socket.on('error', () => undefined))): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => void sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}
