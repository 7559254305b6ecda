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

const IDENTITY = /^(x-forwarded-.*|x-real-ip|forwarded|cf-connecting-ip|true-client-ip|x-client-ip|x-request-id)$/

/** Whether a field claims who the client is. Underscores count as dashes: CGI and its heirs read both as one variable. */
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
  const element = `for=${quoted(peer.includes(':') ? `[${peer}]` : peer)};host=${quoted(authority)};proto=${proto}`
  result.push(
    'X-Forwarded-For', [...before('x-forwarded-for'), peer].join(', '),
    'X-Forwarded-Proto', firstOf('x-forwarded-proto', proto),
    'X-Forwarded-Host', firstOf('x-forwarded-host', authority),
    'X-Forwarded-Port', firstOf('x-forwarded-port', String(port)),
    'X-Real-IP', forwarding.client,
    'Forwarded', [...before('forwarded'), element].join(', '),
    'X-Request-ID', before('x-request-id').find((id) => /^[\x21-\x7e]{1,128}$/.test(id)) ?? forwarding.ref,
  )
  return result
}

const REPLACED = new Set(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-real-ip', 'forwarded', 'x-request-id'])

/** A token as it is, anything else quoted (RFC 7239 §4): IPv6 in brackets and a host with a port have to be. */
function quoted(value: string): string {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
}
