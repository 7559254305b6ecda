import ipaddr from 'ipaddr.js'
import { parseAddress } from '../../contract/address'

/** haproxy/doc/proxy-protocol.txt §2.1: the longest line of version 1, its CRLF included. */
const MAX_V1 = 107
/** §2.2: what version 2 begins with. No line of HTTP or any other known protocol does. */
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const V1 = Buffer.from('PROXY ', 'latin1')
const V2_HEAD = 16
/** Addresses and options of version 2; real ones stay far below. */
const MAX_V2 = 4_096

/** What a connection begins with: `size` bytes that name its client; null: the connection is the proxy's own, or does not say. */
export interface ProxyHeader {
  readonly size: number
  readonly source: string | null
}

/**
 * Reads a PROXY header of version 1 or 2 at the beginning of a connection (haproxy/doc/proxy-protocol.txt). `more`: it is not
 * complete yet; `bad`: it is none, and whatever follows must not be read.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  if (beginsAs(bytes, V1)) return bytes.length < V1.length ? 'more' : readVersion1(bytes)
  if (beginsAs(bytes, SIGNATURE)) return bytes.length < V2_HEAD ? 'more' : readVersion2(bytes)
  return 'bad'
}

function beginsAs(bytes: Buffer, wanted: Buffer): boolean {
  const known = Math.min(bytes.length, wanted.length)
  return bytes.compare(wanted, 0, known, 0, known) === 0
}

function readVersion1(bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  const line = bytes.toString('latin1', 0, Math.min(bytes.length, MAX_V1))
  const end = line.indexOf('\r\n')
  if (end === -1) return bytes.length < MAX_V1 && !/[^\x20-\x7e\r]/.test(line) ? 'more' : 'bad'
  const size = end + 2
  const text = line.slice(0, end)
  if (/^PROXY UNKNOWN(?: |$)/.test(text)) return { size, source: null }
  const [, family, source = '', destination = '', ...ports] =
    /^PROXY TCP([46]) ([0-9A-Fa-f:.]+) ([0-9A-Fa-f:.]+) (\d+) (\d+)$/.exec(text) ?? []
  if (family === undefined || !ports.every(isPort)) return 'bad'
  const version = Number(family)
  return isOfFamily(source, version) && isOfFamily(destination, version) ? { size, source: plain(source) } : 'bad'
}

/** Zeroes in front are forbidden, and nothing sends them. */
function isPort(text: string): boolean {
  return /^(?:0|[1-9]\d{0,4})$/.test(text) && Number(text) <= 65_535
}

function isOfFamily(text: string, family: number): boolean {
  return family === 4 ? parseAddress(text)?.family === 4 && !text.includes(':') : text.includes(':') && parseAddress(text) !== null
}

function readVersion2(bytes: Buffer): ProxyHeader | 'more' | 'bad' {
  const command = bytes[12] ?? 0
  const family = bytes[13] ?? 0
  const length = bytes.readUInt16BE(14)
  if ((command !== 0x20 && command !== 0x21) || length > MAX_V2) return 'bad'
  const size = V2_HEAD + length
  if (bytes.length < size) return 'more'
  // LOCAL: the proxy asks for itself, a health check for one.
  if (command === 0x20) return { size, source: null }
  switch (family) {
    case 0x11:
      return length < 12 ? 'bad' : { size, source: fromBytes(bytes, 4) }
    case 0x21:
      return length < 36 ? 'bad' : { size, source: fromBytes(bytes, 16) }
    case 0x00:
    case 0x31:
      return { size, source: null }
    default:
      return 'bad'
  }
}

function fromBytes(bytes: Buffer, count: number): string {
  return plain(ipaddr.fromByteArray([...bytes.subarray(V2_HEAD, V2_HEAD + count)]).toString())
}

/** In its usual spelling, an IPv4-mapped address as IPv4. */
function plain(text: string): string {
  return ipaddr.process(text).toString()
}
