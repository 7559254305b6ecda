import { FieldKind } from './wire/field-kind'
import type { FieldLines } from './wire/field-lines'

/** The value of a cookie among a request's fields; null where it has none of that name (RFC 6265 §4.2.1). */
export function readCookie({ fields, kinds }: FieldLines, name: string): string | null {
  for (let index = 0; index < kinds.length; index++) {
    if (kinds[index] !== FieldKind.cookie) continue
    for (const pair of (fields[2 * index + 1] ?? '').split(';')) {
      const equals = pair.indexOf('=')
      if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
    }
  }
  return null
}

/** A Cookie field without one of its cookies; empty where nothing is left. */
export function withoutCookie(value: string, name: string): string {
  if (!value.includes(name)) return value
  return value
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && pair.slice(0, Math.max(0, pair.indexOf('='))).trim() !== name)
    .join('; ')
}

/** Keeps the visitor on a backend for as long as its browser runs; no script can read it. */
export function stickyCookie(name: string, id: string): string {
  return `${name}=${id}; Path=/; HttpOnly; SameSite=Lax`
}
