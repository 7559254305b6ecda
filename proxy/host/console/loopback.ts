import { parseAddress } from '../../contract/address'

/** The loopback address a host stands for, out of brackets; null for anything that other machines could reach. */
export function loopbackAddress(host: string): string | null {
  if (host === 'localhost') return '127.0.0.1'
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const address = parseAddress(bare)
  if (!address) return null
  return (address.family === 4 ? address.value >> 24n === 127n : address.value === 1n) ? bare : null
}

/** Whether a `Host` field names this machine's loopback, on whatever port: an IPv6 address in brackets, no name but localhost. */
export function isLoopbackAuthority(authority: string): boolean {
  const [, host, port] = /^(localhost|[\d.]+|\[[\da-f:]+\])(?::(\d{1,5}))?$/.exec(authority) ?? []
  return host !== undefined && (port === undefined || Number(port) <= 65_535) && loopbackAddress(host) !== null
}
