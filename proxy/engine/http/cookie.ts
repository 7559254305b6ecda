import { FieldKind } from './wire/field-kind'
import type { FieldLines } from './wire/field-lines'

/** Which cookies of a service's visitors are the gateway's own business. */
export interface OwnCookies {
  /** What the cookie that tells a visitor's backend is called; null: visitors are not kept. */
  readonly name: string | null
  /** What it was called when the service shared its hosts with others, or with none: visitors still have it. */
  readonly formerly: readonly string[]
  /** Names that never reach a backend. */
  readonly kept: readonly string[]
  /** Names that other services of the same hosts gave theirs: they never reach a backend as far as they look like it. */
  readonly others: readonly string[]
}

/** What a visitor's cookie says of its backend: see `stickyId`. */
const STICKY_ID = /^[0-9a-f]{16}$/

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

/** A Cookie field without the gateway's own; empty where nothing is left. */
export function withoutOwn(value: string, own: OwnCookies): string {
  if (!mentions(value, own.kept) && !mentions(value, own.others)) return value
  return value
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '' && !isOwn(pair, own))
    .join('; ')
}

function mentions(value: string, names: readonly string[]): boolean {
  for (const name of names) if (value.includes(name)) return true
  return false
}

function isOwn(pair: string, { kept, others }: OwnCookies): boolean {
  const equals = pair.indexOf('=')
  if (equals === -1) return false
  const name = pair.slice(0, equals).trim()
  return kept.includes(name) || (others.includes(name) && STICKY_ID.test(pair.slice(equals + 1).trim()))
}

/** Keeps the visitor on a backend for as long as its browser runs; no script can read it. */
export function stickyCookie(name: string, id: string): string {
  return `${name}=${id}; Path=/; HttpOnly; SameSite=Lax`
}
