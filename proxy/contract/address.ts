import ipaddr from 'ipaddr.js'
import { FIRST, LAST, readAddress, readRange } from './address-words'

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

/** What is read lies here for the moment between reading and making it a value; nothing waits in between. */
const words = new Uint32Array(8)

/**
 * One IP address, or null. Only four-part decimal IPv4 without leading zeroes and plain IPv6 are taken: `010.0.0.1`,
 * `1.2.3` and `0x7f.1` mean different addresses to different programs (CVE-2021-28918), so they are refused.
 * A zone id is dropped, and an IPv4-mapped IPv6 address is that IPv4 address (RFC 4291 §2.5.5.2).
 */
export function parseAddress(text: string): Address | null {
  const family = readAddress(text, words, FIRST)
  return family === 0 ? null : { family, value: valueAt(FIRST, family) }
}

/** A client as it is counted and blocked: one address, or an IPv6 network `/64`, which is given by its first one; null where the text is neither. */
export function parseClient(text: string): Address | null {
  return parseAddress(text.includes(':') ? text.replace(/\/64$/, '') : text)
}

/** A peer's address in its plain form: IPv4 on a dual-stack socket is seen as `::ffff:a.b.c.d`, and a zone is of this machine only. */
export function plainAddress(remote: string): string {
  return withoutZone(remote.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, ''))
}

/** `fe80::1%eth0` without the interface it is reached by. */
export function withoutZone(address: string): string {
  const zone = address.indexOf('%')
  return zone === -1 ? address : address.slice(0, zone)
}

/** An address, a CIDR block (host bits are cleared) or a range `a-b`; null where the text is none of them. */
export function parseRange(text: string): AddressRange | null {
  const family = readRange(text, words)
  return family === 0 ? null : { family, first: valueAt(FIRST, family), last: valueAt(LAST, family) }
}

/** Whether a text is what `parseRange` takes, without making the range. */
export function isRange(text: string): boolean {
  return readRange(text, words) !== 0
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

function valueAt(at: number, family: 4 | 6): bigint {
  const low = BigInt(words[at + 3] ?? 0)
  if (family === 4) return low
  return (BigInt(words[at] ?? 0) << 96n) | (BigInt(words[at + 1] ?? 0) << 64n) | (BigInt(words[at + 2] ?? 0) << 32n) | low
}
