import { type Address, formatAddress, parseAddress } from '../../contract/address'

const V6 = 1n << 64n
/** 64:ff9b::/96, behind which IPv4 clients come to an IPv6 server, each with its address (RFC 6052 §2.1, RFC 7755). */
const NAT64 = 0x64_ff9bn << 64n

/** What a client is counted under: its IPv4 address or its IPv6 /64 network, within which privacy addresses change (RFC 8981). */
export function clientKey({ family, value }: Address): bigint {
  if (family === 4) return value
  return value >> 32n === NAT64 ? value & 0xffff_ffffn : V6 + (value >> 64n)
}

/** Whom that is, in words: `192.0.2.1`, or `2001:db8:0:1::/64`. What is no address stays as it is. */
export function clientName(text: string): string {
  const address = parseAddress(text)
  if (address === null) return text
  return nameOfKey(clientKey(address))
}

/** The same of what it is counted under. */
export function nameOfKey(key: bigint): string {
  return key < V6 ? formatAddress({ family: 4, value: key }) : `${formatAddress({ family: 6, value: (key - V6) << 64n })}/64`
}
