import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import type { ConfigDocument } from '../../proxy/contract/config/document'
import type { ServiceDocument } from '../../proxy/contract/config/service'
import { freeUdpPort } from './free-port'
import { type Gateway, type GatewayOptions, startGateway } from './gateway'
import { until } from './until'

export type Backends = NonNullable<ServiceDocument['backends']>

const open = new Set<Socket>()
export async function bound(port: number, address: string): Promise<Socket> {
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
export async function udpServer(
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
export async function udpClient(port: number, from = '127.0.0.1') {
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

export async function serveUdp(
  services: readonly ServiceDocument[],
  { address = '127.0.0.1', settings = {}, ...options }: GatewayOptions = {},
) {
  const gateway = await startGateway(options)
  onTestFinished(() => gateway.stop())
  const port = await freeUdpPort(address)
  const reload = (next: readonly ServiceDocument[], more: Partial<ConfigDocument> = {}): Promise<void> =>
    gateway.load({ version: 1, listeners: [{ id: 'port', address, port, protocol: 'udp' }], services: [...next], settings, ...more })
  await reload(services)
  return { gateway, port, reload }
}

/** One server behind one port, and a client of it. */
export async function simple(more: Partial<ServiceDocument> = {}, options: GatewayOptions = {}, answer?: (bytes: Buffer) => Buffer) {
  const server = await udpServer('a', answer)
  const served = await serveUdp([udp(one(server), more)], options)
  return { ...served, server, client: await udpClient(served.port, options.address === '::1' ? '::1' : '127.0.0.1') }
}
export const elsewhere = async () => ({ id: 'other', address: '127.0.0.1', port: await freeUdpPort(), protocol: 'udp' as const })
export const udp = (backends: Backends, more: Partial<ServiceDocument> = {}): ServiceDocument => ({
  id: 'dns',
  type: 'udp',
  backends,
  ...more,
})
export const one = ({ url }: { readonly url: string }): Backends => [{ id: 'a', url }]
/** Knows names below `.here`, which are this machine’s. */
export const lookup: NonNullable<GatewayOptions['lookup']> = (host, _options, done) =>
  host.endsWith('.here')
    ? done(null, [{ address: '127.0.0.1', family: 4 }])
    : done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), [])
export const only = (from: string): Partial<ServiceDocument> => ({ access: { rules: [{ action: 'allow', from }], default: 'deny' } })
export const inFlight = async (gateway: Gateway): Promise<number | undefined> => (await gateway.status()).services[0]?.traffic.inFlight
