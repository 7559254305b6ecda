import ipaddr from 'ipaddr.js'

/** One family's addresses from `first` to `last`, both included, as integers. */
export interface AddressRange {
  readonly family: 4 | 6
  readonly first: bigint
  readonly last: bigint
}

/** An address as an integer within its family. */
export interface Address {
  readonly family: 4 | 6
  readonly value: bigint
}

/**
 * One IP address, or null. Only four-part decimal IPv4 without leading zeroes and plain IPv6 are taken: `010.0.0.1`,
 * `1.2.3` and `0x7f.1` mean different addresses to different programs (CVE-2021-28918), so they are refused.
 * A zone id is dropped, and an IPv4-mapped IPv6 address is that IPv4 address (RFC 4291 §2.5.5.2).
 */
export function parseAddress(text: string): Address | null {
  const bare = text.replace(/%[^%/]+$/, '')
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return toAddress(ipaddr.IPv4.parse(bare))
  if (!bare.includes(':') || !ipaddr.IPv6.isValid(bare)) return null
  // `::ffff:010.0.0.1` would be read as octal.
  const tail = bare.slice(bare.lastIndexOf(':') + 1)
  if (tail.includes('.') && !ipaddr.IPv4.isValidFourPartDecimal(tail)) return null
  const address = ipaddr.IPv6.parse(bare)
  return toAddress(address.isIPv4MappedAddress() ? address.toIPv4Address() : address)
}

/** A client as it is counted and blocked: one address, or an IPv6 network `/64`, which is given by its first one; null where the text is neither. */
export function parseClient(text: string): Address | null {
  return parseAddress(text.includes(':') ? text.replace(/\/64$/, '') : text)
}

/** A peer's address in its plain form: IPv4 on a dual-stack socket is seen as `::ffff:a.b.c.d`, and a zone is of this machine only. */
export function plainAddress(remote: string): string {
  return remote.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '')
}

/** An address, a CIDR block (host bits are cleared) or a range `a-b`; null where the text is none of them. */
export function parseRange(text: string): AddressRange | null {
  const single = parseAddress(text)
  if (single) return { family: single.family, first: single.value, last: single.value }
  const block = /^([^/]+)\/(\d{1,3})$/.exec(text)
  if (block?.[1] !== undefined) return blockRange(block[1], Number(block[2]))
  const [from, to, ...rest] = text.split('-')
  const first = parseAddress(from?.trim() ?? '')
  const last = parseAddress(to?.trim() ?? '')
  if (!first || !last || rest.length > 0 || first.family !== last.family || first.value > last.value) return null
  return { family: first.family, first: first.value, last: last.value }
}

/** Whether the range holds the address. */
export function rangeHolds(range: AddressRange, address: Address): boolean {
  return range.family === address.family && range.first <= address.value && address.value <= range.last
}

/** An address in its usual spelling (RFC 5952). */
export function formatAddress({ family, value }: Address): string {
  const bytes = Array.from({ length: family === 4 ? 4 : 16 }, (_, index, count = family === 4 ? 4 : 16) =>
    Number((value >> BigInt(8 * (count - 1 - index))) & 0xffn),
  )
  return ipaddr.fromByteArray(bytes).toString()
}

function blockRange(base: string, prefix: number): AddressRange | null {
  const address = parseAddress(base)
  if (!address) return null
  const mapped = address.family === 4 && base.includes(':')
  const length = mapped ? prefix - 96 : prefix
  const bits = address.family === 4 ? 32 : 128
  if (length < 0 || length > bits) return null
  const size = 1n << BigInt(bits - length)
  const first = address.value - (address.value % size)
  return { family: address.family, first, last: first + size - 1n }
}

function toAddress(address: ipaddr.IPv4 | ipaddr.IPv6): Address {
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  return { family: address.kind() === 'ipv4' ? 4 : 6, value }
}
