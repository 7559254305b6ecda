import { FieldKind } from '../http/wire/field-kind'
import type { FieldLines } from '../http/wire/field-lines'
import type { ResponseHead } from '../http/wire/response-head-parser'

/**
 * NTLM and Negotiate sign in a connection, not a request (RFC 4559 §6): whoever sends the next request over it is taken for the
 * one who signed in. Once a challenge or a credential has passed, a connection to a backend belongs to its client
 * (haproxy/haproxy#581).
 */
const OF_CONNECTIONS = /^(?:ntlm|negotiate)\b/i
/** A challenge may be one of several in a field. */
const CHALLENGE = /(?:^|,)\s*(?:ntlm|negotiate)\b/i

/** Whether a request brings such a credential. */
export function bringsIdentity({ fields, kinds }: FieldLines): boolean {
  for (let at = kinds.indexOf(FieldKind.authorization); at !== -1; at = kinds.indexOf(FieldKind.authorization, at + 1))
    if (OF_CONNECTIONS.test(fields[2 * at + 1] ?? '')) return true
  return false
}

/** Whether an answer asks for one. */
export function asksForIdentity({ status, lines: { fields } }: ResponseHead): boolean {
  if (status !== 401 && status !== 407) return false
  for (let at = 0; at + 1 < fields.length; at += 2)
    if (fields[at]?.toLowerCase() === 'www-authenticate' && CHALLENGE.test(fields[at + 1] ?? '')) return true
  return false
}
