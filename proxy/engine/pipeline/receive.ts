import { parseAuthority, type Authority } from '../http/authority'
import { headerValues } from '../http/header-list'
import { effectiveClient } from '../listen/client-address'
import { parseRequestPath } from '../route/request-path'
import type { Refusal, RequestContext } from './context'

/** Far above what clients send. Backends on Node read 2,000 fields and drop the rest without a word, framing among it. */
const MAX_FIELDS = 1_000

/** Reads what the request is: its target, its host, its framing, and who sent it. Refuses what two servers could read differently. */
export function receive(context: RequestContext): Refusal | null {
  identify(context)
  if (context.method === 'TRACE' || context.method === 'CONNECT') return { code: 'AR_METHOD_REFUSED', reason: `the method ${context.method} is not passed on`, close: true }
  if (context.rawHeaders.length > 2 * MAX_FIELDS) return { code: 'AR_HEAD_TOO_LARGE', reason: `more than ${MAX_FIELDS} header fields`, close: true }
  return readTarget(context) ?? readFraming(context)
}

function identify(context: RequestContext): void {
  const { peer, peerAddress } = context.connection
  const trusted = context.world.snapshot.trustedProxies
  const client = effectiveClient({ text: peer, address: peerAddress }, headerValues(context.rawHeaders, 'x-forwarded-for'), trusted)
  context.client = client.text
  context.clientAddress = client.address
  context.trustedPeer = peerAddress !== null && trusted.has(peerAddress)
}

function readTarget(context: RequestContext): Refusal | null {
  if (!/^1\.[01]$/.test(context.request.httpVersion)) return bad('a version of HTTP that is not spoken here')
  const hosts = headerValues(context.rawHeaders, 'host')
  if (hosts.length > 1) return bad('more than one Host field')
  if (hosts.length === 0 && context.request.httpVersion !== '1.0') return bad('no Host field')
  const [host = ''] = hosts
  const target = context.request.url ?? ''
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/is.exec(target)
  // An absolute target goes before the Host field (RFC 9112 §3.2.2).
  const authority = readAuthority(absolute?.[1] ?? host, absolute !== null)
  if (host !== '' && parseAuthority(host) === null) return bad('the Host field is not valid')
  if (authority === null) return bad('the host is not valid')
  context.authority = authority
  const rest = absolute?.[2] ?? target
  if (target === '*' && context.method === 'OPTIONS') context.path = { raw: '*', query: '', plain: '/', lenient: '/' }
  else context.path = parseRequestPath(absolute !== null && !rest.startsWith('/') ? `/${rest}` : rest)
  return context.path === null ? bad('the path is not valid') : null
}

/** An empty Host is valid and means no host (RFC 9112 §3.2); HTTP/1.0 may leave it out. */
function readAuthority(text: string, required: boolean): Authority | null {
  return text === '' && !required ? { text: '', host: '', port: null } : parseAuthority(text)
}

/** The parser has refused most of these already; RFC 9112 §6.1 and §6.3 are worth a second look. */
function readFraming(context: RequestContext): Refusal | null {
  const lengths = headerValues(context.rawHeaders, 'content-length')
  const codings = headerValues(context.rawHeaders, 'transfer-encoding')
  if (codings.length > 0 && lengths.length > 0) return bad('both Content-Length and Transfer-Encoding')
  if (codings.length > 1 || (codings[0] !== undefined && codings[0].trim().toLowerCase() !== 'chunked')) return bad('a transfer coding other than chunked')
  if (codings.length > 0 && context.request.httpVersion === '1.0') return bad('a transfer coding in HTTP/1.0')
  if (lengths.length > 1 || (lengths[0] !== undefined && !/^\d{1,15}$/.test(lengths[0].trim()))) return bad('the Content-Length is not valid')
  if (codings.length > 0) context.body = 'chunked'
  else if (lengths[0] !== undefined) {
    context.bodyLength = Number(lengths[0])
    context.body = context.bodyLength > 0 ? 'length' : 'none'
  }
  return null
}

function bad(reason: string): Refusal {
  return { code: 'AR_BAD_REQUEST', reason, close: true }
}
