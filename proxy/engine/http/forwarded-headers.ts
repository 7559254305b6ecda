import { eachHeader, headerValues, type HeaderList } from './header-list'

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

/**
 * Who the client is and what it asked for, as only a proxy may say. Backends that believe `X-Original-URL` answer another
 * path than the one whose rules were checked (CVE-2018-14773).
 */
const IDENTITY = /^(x-forwarded(-.*)?|x-real-ip|forwarded|cf-connecting-ip|true-client-ip|(x-)?client-ip|x-cluster-client-ip|x-original-(url|uri|host|forwarded-for)|x-rewrite-url|x-request-id)$/

/** Whether a field claims who the client is or what it asked for. Underscores count as dashes: CGI and its heirs read both as one variable. */
export function claimsIdentity(lowerName: string): boolean {
  return IDENTITY.test(lowerName.replaceAll('_', '-'))
}

/**
 * A request's end-to-end fields with the forwarding fields set by the gateway. From a peer that is no trusted proxy,
 * nothing of that kind is believed; from one that is, the chain is continued and its Proto, Host, Port and id are kept.
 */
export function withForwarded(list: HeaderList, forwarding: Forwarding): string[] {
  const { peer, trustedPeer, proto, authority, port } = forwarding
  const result: string[] = []
  eachHeader(list, (lower, name, value) => {
    if (!claimsIdentity(lower) || (trustedPeer && !lower.includes('_') && !REPLACED.has(lower))) result.push(name, value)
  })
  const before = (name: string): string[] => (trustedPeer ? headerValues(list, name).filter((value) => value.trim() !== '') : [])
  const firstOf = (name: string, ours: string): string => before(name)[0] ?? ours
  const forwardedProto = firstOf('x-forwarded-proto', proto)
  const forwardedHost = firstOf('x-forwarded-host', authority)
  const chain = before('x-forwarded-for').flatMap((value) => value.split(',').map((address) => address.trim())).filter((address) => address !== '')
  // A proxy that speaks only X-Forwarded-For is quoted in both forms, or they would tell two different clients.
  const earlier = before('forwarded').length > 0 ? before('forwarded') : chain.map((address) => element(address, forwardedHost, forwardedProto))
  result.push('X-Forwarded-For', [...chain, peer].join(', '), 'X-Forwarded-Proto', forwardedProto)
  if (forwardedHost !== '') result.push('X-Forwarded-Host', forwardedHost)
  result.push(
    'X-Forwarded-Port', firstOf('x-forwarded-port', String(port)),
    'X-Real-IP', forwarding.client,
    'Forwarded', [...earlier, element(peer, authority, proto)].join(', '),
    'X-Request-ID', before('x-request-id').find((id) => /^[\x21-\x7e]{1,128}$/.test(id)) ?? forwarding.ref,
  )
  return result
}

const REPLACED = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-real-ip', 'forwarded', 'x-request-id'])

/** One hop of `Forwarded`; a request without a host has none to tell. */
function element(address: string, host: string, proto: string): string {
  const node = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address
  return `for=${quoted(node)}${host === '' ? '' : `;host=${quoted(host)}`};proto=${quoted(proto)}`
}

/** A token as it is, anything else quoted (RFC 7239 §4): IPv6 in brackets and a host with a port have to be. */
function quoted(value: string): string {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
