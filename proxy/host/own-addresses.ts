import { hostname, networkInterfaces, type NetworkInterfaceInfo } from 'node:os'
import { parseRange } from '../contract/address'
import { askSystem } from '../system/steady'

let known: ReturnType<typeof networkInterfaces> = {}

/** As the system tells them, or as it did last: it opens a socket for it, for which there may be no descriptor just now. */
function read(): ReturnType<typeof networkInterfaces> {
  known = askSystem(networkInterfaces, known)
  return known
}

function interfaces(): NetworkInterfaceInfo[] {
  return Object.values(read()).flatMap((list) => list ?? [])
}

/** Every address of this machine's own interfaces, loopback too. */
export function ownAddresses(): string[] {
  return interfaces().map(({ address }) => address)
}

/** The name this machine knows itself by, which usually leads back to it. */
export function ownNames(): string[] {
  return [hostname().toLowerCase()]
}

/** Addresses by which other machines may reach this one, IPv4 first; link-local ones need a zone and are left out. */
export function reachableAddresses(): string[] {
  const outward = interfaces().filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address))
  return [...outward.filter(({ family }) => family === 'IPv4'), ...outward.filter(({ family }) => family === 'IPv6')].map(
    ({ address }) => address,
  )
}

/** The subnets of "this office network" as people write them: `192.168.1.0/24`. */
export function ownNetworks(): string[] {
  const blocks = interfaces().flatMap(({ internal, address, cidr, family }) =>
    internal || cidr === null || /^fe[89ab]/i.test(address) ? [] : [networkOf(cidr, family)],
  )
  return [...new Set(blocks)]
}

/** Network interfaces but loopback, with their subnets. */
export function namedNetworks(): { name: string; networks: string[] }[] {
  return Object.entries(read()).flatMap(([name, list]) => {
    const networks = (list ?? []).flatMap(({ internal, cidr, family, address }) =>
      internal || cidr === null || /^fe[89ab]/i.test(address) ? [] : [networkOf(cidr, family)],
    )
    return networks.length === 0 ? [] : [{ name, networks: [...new Set(networks)] }]
  })
}

function networkOf(cidr: string, family: string): string {
  const [, length = ''] = cidr.split('/')
  const range = parseRange(cidr)
  if (!range) return cidr
  return `${family === 'IPv4' ? ipv4Text(range.first) : ipv6Text(range.first)}/${length}`
}

function ipv4Text(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
}

/** Compressed as RFC 5952 §4 has it, by way of the URL parser. */
function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - at * 16)) & 0xffffn).toString(16)).join(':')
  return new URL(`http://[${groups}]`).hostname.slice(1, -1)
}
