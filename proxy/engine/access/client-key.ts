import type { Address } from '../../contract/address'

const V6 = 1n << 64n

/** What a client is counted under: its IPv4 address or its IPv6 /64 network, within which privacy addresses change (RFC 8981). */
export function clientKey({ family, value }: Address): bigint {
  return family === 4 ? value : V6 + (value >> 64n)
}
