import { parseAuthority, type Authority } from '../http/authority'
import { headerValues } from '../http/header-list'
import { offeredProtocols } from '../http/upgrade'
import { effectiveClient } from '../access/client-address'
import type { RangeSet } from '../access/range-set'
import { own } from '../measure/shown'
import { parseRequestPath, type RequestPath } from '../route/request-path'
import type { RequestContext } from '../visit/context'
import type { Refusal } from '../visit/refusal'

/** Far above what clients send. Backends on Node read 2,000 fields and drop the rest without a word, framing among it. */
const MAX_FIELDS = 1_000
/** So many hosts are remembered as they were read: as many as a large gateway names, some megabytes in all. */
const MAX_KNOWN = 16_384
const ASTERISK: RequestPath = { raw: '*', query: '', plain: '/', lenient: '/' }
const NO_AUTHORITY: Authority = { text: '', host: '', port: null }

/** Reads what the request is: its target, its host, and who sent it. Refuses what two servers could read differently. */
export function receive(context: RequestContext): Refusal | null {
  const { head } = context
  identify(context)
  if (head.method === 'TRACE' || head.method === 'CONNECT')
    return { code: 'AR_METHOD_REFUSED', reason: `the method ${head.method} is not passed on`, close: true }
  if (head.lines.kinds.length > MAX_FIELDS)
    return { code: 'AR_HEAD_TOO_LARGE', reason: `more than ${MAX_FIELDS} header fields`, close: true }
  context.upgrade = head.upgrade !== null && offeredProtocols(head) !== null
  return readTarget(context)
}

function identify(context: RequestContext): void {
  const client = toldClient(context, context.world.snapshot.trustedProxies)
  context.trustedPeer = client !== null
  if (client === null) return
  context.client = own(client.text)
  context.clientAddress = client.address
}

/** Whom the peer names as its client, where it is one of the trusted proxies; null: it is none, and the client itself. */
export function toldClient({ connection, head }: RequestContext, trusted: RangeSet): ReturnType<typeof effectiveClient> | null {
  const { peer, peerAddress } = connection
  if (peerAddress === null || !trusted.has(peerAddress)) return null
  return effectiveClient({ text: peer, address: peerAddress }, headerValues(head.lines.fields, 'x-forwarded-for'), trusted)
}

function readTarget(context: RequestContext): Refusal | null {
  const { target, method, lines } = context.head
  const host = lines.host ?? ''
  const { lastNamed } = context
  const named = lastNamed !== null && lastNamed.text === host ? lastNamed : readAuthority(host)
  if (named === null) return bad('the Host field is not valid')
  context.lastNamed = named
  context.authority = named
  if (target === '*' && method === 'OPTIONS') {
    context.path = ASTERISK
    return null
  }
  if (!target.startsWith('/')) return readAbsolute(context, target)
  context.path = parseRequestPath(target)
  return context.path === null ? bad('the path is not valid') : null
}

/** An absolute target goes before the Host field (RFC 9112 §3.2.2). */
function readAbsolute(context: RequestContext, target: string): Refusal | null {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target)
  if (absolute === null) return bad('the target is not valid')
  const [, authority = '', rest = ''] = absolute
  context.authority = parseAuthority(own(authority))
  if (context.authority === null) return bad('the host of the target is not valid')
  context.path = parseRequestPath(rest.startsWith('/') ? rest : `/${rest}`)
  return context.path === null ? bad('the path is not valid') : null
}

/** Hosts read lately: a client asks for the same one again and again. */
const known = new Map<string, Authority>()

/** An empty Host is valid and means no host (RFC 9112 §3.2); HTTP/1.0 may leave it out. */
function readAuthority(text: string): Authority | null {
  if (text === '') return NO_AUTHORITY
  const hit = known.get(text)
  if (hit !== undefined) return hit
  const authority = parseAuthority(own(text))
  if (authority === null) return null
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(authority.text, authority)
  return authority
}

function bad(reason: string): Refusal {
  return { code: 'AR_BAD_REQUEST', reason, close: true }
}
