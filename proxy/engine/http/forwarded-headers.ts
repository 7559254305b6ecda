import { chainOf } from '../access/client-address'
import { writeForwarded } from './forwarded'
import { headerValues, type HeaderList } from './header-list'
import type { Visitor } from './visitor'

/** What the gateway knows of a request and tells the backend. */
export interface Forwarding {
  readonly peer: string
  /** The client's address; the peer's unless that is a trusted proxy. */
  readonly client: string
  /** What the visitor called where the peer is a trusted proxy; null: it is none, and the request's own Host tells. */
  readonly visitor: Visitor | null
  readonly proto: 'http' | 'https'
  /** The Host as the client sent it, and the port that it names. */
  readonly authority: string
  readonly port: number
  readonly ref: string
  /** What the service takes off paths, as it is written into a header; empty: nothing. */
  readonly prefix: string
  /** What this hop adds to `Via`. */
  readonly via: string
}

/** What a trusted proxy says under these names is taken up in ours. */
const REPLACED = new Set([
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
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
export function freshForwarded({ peer, proto, authority, port, client, prefix, via }: Forwarding): string[] {
  return [
    'X-Forwarded-For',
    peer,
    'X-Forwarded-Proto',
    proto,
    ...(authority === '' ? [] : ['X-Forwarded-Host', authority]),
    'X-Forwarded-Port',
    String(port),
    ...(prefix === '' ? [] : ['X-Forwarded-Prefix', prefix]),
    'X-Real-IP',
    client,
    'Forwarded',
    writeForwarded(peer, authority, proto),
    'Via',
    via,
  ]
}

/** Those of a request from a trusted proxy: its chain in `claimed` is continued, and what it says of the visitor's address and id stays. */
export function continueForwarded(claimed: HeaderList, forwarding: Forwarding, visitor: Visitor): string[] {
  const { peer, proto, authority } = forwarding
  const before = (name: string): string[] => headerValues(claimed, name).filter((value) => value.trim() !== '')
  const chain = chainOf(before('x-forwarded-for'))
  const quoted = before('forwarded')
  // A proxy that speaks only X-Forwarded-For is quoted in both forms, or they would tell two different clients.
  const earlier = quoted.length > 0 ? quoted : chain.map((address) => writeForwarded(address, visitor.named, visitor.proto))
  const own = earlier.length > 0 ? writeForwarded(peer, authority, proto) : writeForwarded(peer, visitor.named, visitor.proto)
  const prefix = visitor.prefix + forwarding.prefix
  return [
    'X-Forwarded-For',
    [...chain, peer].join(', '),
    'X-Forwarded-Proto',
    visitor.proto,
    ...(visitor.named === '' ? [] : ['X-Forwarded-Host', visitor.named]),
    'X-Forwarded-Port',
    String(visitor.port),
    ...(prefix === '' ? [] : ['X-Forwarded-Prefix', prefix]),
    'X-Real-IP',
    forwarding.client,
    'Forwarded',
    [...earlier, own].join(', '),
    'X-Request-ID',
    before('x-request-id').find((id) => /^[\x21-\x7e]{1,128}$/.test(id)) ?? forwarding.ref,
    'Via',
    forwarding.via,
  ]
}
