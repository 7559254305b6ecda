import { eachHeader, headerValues, type HeaderList } from './header-list'

/** Fields that hold for one connection only (RFC 9110 §7.6.1, RFC 2616 §13.5.1). */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'http2-settings'])

/** What `Connection` must not name: without these a message would be framed or addressed in another way than it was read. */
const NOT_NAMEABLE = new Set(['host', 'content-length', 'content-type', 'cookie', 'authorization'])

/**
 * A message's end-to-end fields. What `Connection` names goes too, and it goes before the gateway adds its own fields:
 * else `Connection: X-Forwarded-For` would take them away (CVE-2021-32813).
 */
export function endToEnd(list: HeaderList): string[] {
  const named = new Set(headerValues(list, 'connection').flatMap((value) => value.toLowerCase().split(',').map((name) => name.trim())))
  const kept: string[] = []
  eachHeader(list, (lower, name, value) => {
    if (HOP_BY_HOP.has(lower) || (named.has(lower) && !NOT_NAMEABLE.has(lower))) return
    kept.push(name, value)
  })
  return kept
}
