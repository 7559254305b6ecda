import { plainAddress, parseAddress, type Address } from '../contract/address'

/** One end of a connection. */
export interface Endpoint {
  readonly address: Address | null
  readonly port: number
}

const SIGNATURE = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a])

/** An end from what a socket says of it. */
export function endpoint(address: string | undefined, port: number | undefined): Endpoint {
  return { address: parseAddress(plainAddress(address ?? '')), port: port ?? 0 }
}

/** What a client's socket says of its ends. */
export interface SocketEnds {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
  readonly localAddress?: string | undefined
  readonly localPort?: number | undefined
}

/** The ends of a client's connection, as a backend is told of them. */
export interface ClientEnds {
  readonly source: Endpoint
  readonly target: Endpoint
}

/** The ends of the connection of a client that is known as `client`. */
export function clientEnds(
  { client, clientAddress }: { readonly client: string; readonly clientAddress: Address | null },
  socket: SocketEnds,
): ClientEnds {
  // Behind a proxy the socket's port is the proxy's own; the client's is not known then.
  const isPeer = client === plainAddress(socket.remoteAddress ?? '')
  return {
    source: { address: clientAddress, port: isPeer ? (socket.remotePort ?? 0) : 0 },
    target: endpoint(socket.localAddress, socket.localPort),
  }
}

/**
 * The PROXY header that begins a connection to a backend (haproxy/doc/proxy-protocol.txt §2.1, §2.2): who the client is and
 * where it connected to. `ends` null: the gateway itself asks, as in a health check.
 */
export function proxyHead(version: 'v1' | 'v2', ends: ClientEnds | null): Buffer {
  const pair = ends === null ? null : sameFamily(ends)
  return version === 'v1' ? textHeader(pair) : binaryHeader(pair)
}

function textHeader(pair: Pair | null): Buffer {
  if (pair === null) return Buffer.from('PROXY UNKNOWN\r\n')
  const { family, from, to } = pair
  return Buffer.from(`PROXY TCP${family} ${text(from.address)} ${text(to.address)} ${from.port} ${to.port}\r\n`)
}

function binaryHeader(pair: Pair | null): Buffer {
  // LOCAL: the connection's own ends count.
  if (pair === null) return Buffer.concat([SIGNATURE, Buffer.from([0x20, 0x00, 0x00, 0x00])])
  const { family, from, to } = pair
  const width = family === 4 ? 4 : 16
  const header = Buffer.alloc(16 + 2 * width + 4)
  SIGNATURE.copy(header)
  header[12] = 0x21
  header[13] = family === 4 ? 0x11 : 0x21
  header.writeUInt16BE(2 * width + 4, 14)
  write(header, from.address.value, 16, width)
  write(header, to.address.value, 16 + width, width)
  header.writeUInt16BE(from.port, 16 + 2 * width)
  header.writeUInt16BE(to.port, 18 + 2 * width)
  return header
}

interface Known {
  readonly address: Address
  readonly port: number
}

interface Pair {
  readonly family: 4 | 6
  readonly from: Known
  readonly to: Known
}

/** Both ends in one family: where they differ, the IPv4 one is written as the IPv6 address that it is mapped to. */
function sameFamily({ source, target }: ClientEnds): Pair | null {
  if (source.address === null || target.address === null) return null
  const from = { address: source.address, port: source.port }
  const to = { address: target.address, port: target.port }
  if (from.address.family === to.address.family) return { family: from.address.family, from, to }
  return { family: 6, from: mapped(from), to: mapped(to) }
}

function mapped({ address, port }: Known): Known {
  return { address: address.family === 6 ? address : { family: 6, value: 0xffff_0000_0000n | address.value }, port }
}

function text({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.')
  return Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(':')
}

function write(buffer: Buffer, value: bigint, at: number, width: number): void {
  for (let index = 0; index < width; index++) buffer[at + index] = Number((value >> BigInt(8 * (width - 1 - index))) & 0xffn)
}
