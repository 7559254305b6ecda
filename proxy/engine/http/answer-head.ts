import { isDropped, type HeaderRules } from './header-rules'
import { isNamed } from './hop-by-hop'
import { publicCookie, publicLinks, publicLocation, publicRefresh, type PublicView } from './public-view'
import { FieldKind } from './wire/field-kind'
import type { ResponseHead } from './wire/response-head-parser'

/** Tells how the backend's addresses look from outside; asked only where an answer holds one. */
export interface ViewSource {
  publicView(): PublicView
}

/** The fields a client gets of a backend's answer (name, value, …), in their order and with their repetitions. */
export function buildAnswerFields({ status, body, length, lines }: ResponseHead, rules: HeaderRules | null, source: ViewSource): string[] {
  const { fields, kinds, connection } = lines
  const result: string[] = []
  for (let index = 0; index < kinds.length; index++) {
    const kind = kinds[index] ?? FieldKind.other
    const name = fields[2 * index] ?? ''
    if (isOurs(kind)) {
      // A 204 has no content and must not say how long it is, nor an interim answer (RFC 9110 §8.6).
      if (kind !== FieldKind.contentLength || status === 204 || status < 200 || body !== 'length') continue
      result.push(name, String(length))
      continue
    }
    if (connection !== null && isNamed(connection, name)) continue
    if (rules !== null && isDropped(rules, name)) continue
    const value = fields[2 * index + 1] ?? ''
    result.push(name, kind >= FieldKind.location && kind <= FieldKind.setCookie ? seenFromOutside(kind, value, source.publicView()) : value)
  }
  if (rules !== null) result.push(...rules.set)
  return result
}

/** Fields of one connection, and those that tell what runs behind the gateway. `Expect` and `Host` mean nothing in an answer. */
function isOurs(kind: number): boolean {
  switch (kind) {
    case FieldKind.connection:
    case FieldKind.contentLength:
    case FieldKind.transferEncoding:
    case FieldKind.upgrade:
    case FieldKind.hop:
    case FieldKind.keepAlive:
    case FieldKind.hidden:
      return true
    default:
      return false
  }
}

function seenFromOutside(kind: number, value: string, view: PublicView): string {
  switch (kind) {
    case FieldKind.location:
      return publicLocation(value, view)
    case FieldKind.link:
      return publicLinks(value, view)
    case FieldKind.refresh:
      return publicRefresh(value, view)
    default:
      return publicCookie(value, view)
  }
}
