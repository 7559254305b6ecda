import { headerValues, type HeaderList } from './header-list'

/** What the gateway knows of a request and tells the backend. */
export interface Forwarding {
  readonly peer: string
  /** The client's address; the peer's unless that is a trusted proxy. */
  readonly client: string
  readonly trustedPeer: boolean
  readonly proto: 'http' | 'https'
  /** The Host as the client sent it. */
  readonly authority: string
  /** The listener's port. */
  readonly port: number
  readonly ref: string
}

/** What a trusted proxy says under these names is taken up in ours. */
const REPLACED = new Set([
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-real-ip',
  'forwarded',
  'x-request-id',
])

/**
 * Whether a field that claims who the client is stays as it came: only from a trusted proxy, never in a spelling with
 * underscores or the like, and not where ours replaces it.
 */
export function staysFromTrusted(name: string): boolean {
  return /^[a-z0-9-]+$/i.test(name) && !REPLACED.has(name.toLowerCase())
}

/** The forwarding fields (name, value, …) of a request whose peer is no trusted proxy, but for its id: nothing it claims is believed. */
export function freshForwarded({ peer, proto, authority, port, client }: Forwarding): string[] {
  return [
    'X-Forwarded-For',
    peer,
    'X-Forwarded-Proto',
    proto,
    ...(authority === '' ? [] : ['X-Forwarded-Host', authority]),
    'X-Forwarded-Port',
    String(port),
    'X-Real-IP',
    client,
    'Forwarded',
    element(peer, authority, proto),
  ]
}

/** Those of a request from a trusted proxy: the chain in `claimed` is continued and its Proto, Host, Port and id are kept. */
export function continueForwarded(claimed: HeaderList, forwarding: Forwarding): string[] {
  const { peer, proto, authority, port } = forwarding
  const before = (name: string): string[] => headerValues(claimed, name).filter((value) => value.trim() !== '')
  const firstOf = (name: string, ours: string): string => before(name)[0] ?? ours
  const forwardedProto = firstOf('x-forwarded-proto', proto)
  const forwardedHost = firstOf('x-forwarded-host', authority)
  const chain = before('x-forwarded-for')
    .flatMap((value) => value.split(',').map((address) => address.trim()))
    .filter((address) => address !== '')
  // A proxy that speaks only X-Forwarded-For is quoted in both forms, or they would tell two different clients.
  const earlier =
    before('forwarded').length > 0 ? before('forwarded') : chain.map((address) => element(address, forwardedHost, forwardedProto))
  return [
    'X-Forwarded-For',
    [...chain, peer].join(', '),
    'X-Forwarded-Proto',
    forwardedProto,
    ...(forwardedHost === '' ? [] : ['X-Forwarded-Host', forwardedHost]),
    'X-Forwarded-Port',
    firstOf('x-forwarded-port', String(port)),
    'X-Real-IP',
    forwarding.client,
    'Forwarded',
    [...earlier, element(peer, authority, proto)].join(', '),
    'X-Request-ID',
    before('x-request-id').find((id) => /^[\x21-\x7e]{1,128}$/.test(id)) ?? forwarding.ref,
  ]
}

/** One hop of `Forwarded`; a request without a host has none to tell. */
function element(address: string, host: string, proto: string): string {
  const node = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address
  return `for=${quoted(node)}${host === '' ? '' : `;host=${quoted(host)}`};proto=${quoted(proto)}`
}

/** A token as it is, anything else quoted (RFC 7239 §4): IPv6 in brackets and a host with a port have to be. */
function quoted(value: string): string {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
