import { continueForwarded, freshForwarded, staysFromTrusted, type Forwarding } from './forwarded-headers'
import { type OwnCookies, withoutOwn } from './cookie'
import { isDropped, type HeaderRules } from './header-rules'
import { isNamed } from './hop-by-hop'
import { hopOf, LOOP_FIELD } from './via'
import { backendResource, type ResourceSource } from './resource'
import { FieldKind } from './wire/field-kind'
import type { RequestHead } from './wire/request-head-parser'

export interface RequestHeadOptions {
  readonly forwarding: Forwarding
  /** What the backend is told of a client that is no trusted proxy: see `forwardedLines`. */
  readonly lines: string
  readonly rules: HeaderRules | null
  /** Whether the client's password was for the gateway, and is none of the backend's business. */
  readonly signedIn: boolean
  /** Cookies that are the gateway's own business; null: none is. */
  readonly ownCookies: OwnCookies | null
  /** The target and the Host that the backend is to see. */
  readonly path: string
  readonly host: string
  /** How the client's names for other resources look to the backend; asked only where a request holds one. */
  readonly resources: ResourceSource
}

/** Reused for every request: nothing waits between filling it and writing it out. */
const claimed: string[] = []

/**
 * The forwarding fields of a client that is no trusted proxy, but for the request's id: they are the same for every request
 * that it sends to one host of one service.
 */
export function forwardedLines(forwarding: Forwarding, rules: HeaderRules | null): string {
  // Written out once: joined from pieces it would be put together anew for each request it is a part of.
  return Buffer.from(asLines(freshForwarded(forwarding), rules), 'latin1').toString('latin1')
}

/** The head a backend gets, built anew from what was read: `Connection` and what it names stay here, framing is told again. */
export function buildRequestHead(
  head: RequestHead,
  { forwarding, lines, rules, signedIn, ownCookies, path, host, resources }: RequestHeadOptions,
): string {
  const { fields, kinds, connection } = head.lines
  const { visitor } = forwarding
  let text = `${head.method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`
  if (visitor !== null) claimed.length = 0
  for (let index = 0; index < kinds.length; index++) {
    const kind = kinds[index] ?? FieldKind.other
    // Host, framing and the rest up to here are told anew or hold for the client's connection only.
    if (kind !== FieldKind.other && kind < FieldKind.identity) continue
    if (kind === FieldKind.proxy || kind === FieldKind.keepAlive || (signedIn && kind === FieldKind.authorization)) continue
    const name = fields[2 * index] ?? ''
    const value = fields[2 * index + 1] ?? ''
    if (connection !== null && isNamed(connection, name)) continue
    if (kind === FieldKind.identity) {
      if (visitor !== null) claimed.push(name, value)
      if (visitor === null || !staysFromTrusted(name)) continue
    }
    if (rules !== null && isDropped(rules, name)) continue
    if (ownCookies !== null && kind === FieldKind.cookie) {
      const left = withoutOwn(value, ownCookies)
      if (left !== '') text += `${name}: ${left}\r\n`
    } else if (kind === FieldKind.resource) text += `${name}: ${backendResource(head.method, name, value, resources.backendView())}\r\n`
    else text += `${name}: ${value}\r\n`
  }
  if (visitor !== null) text += asLines(continueForwarded(claimed, forwarding, visitor), rules)
  else text += rules !== null && rules.dropped.has('x-request-id') ? lines : `${lines}X-Request-ID: ${forwarding.ref}\r\n`
  if (rules !== null)
    for (let index = 0; index + 1 < rules.set.length; index += 2) text += `${rules.set[index] ?? ''}: ${rules.set[index + 1] ?? ''}\r\n`
  return text + framing(head)
}

function asLines(fields: readonly string[], rules: HeaderRules | null): string {
  let text = ''
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const name = fields[index] ?? ''
    const value = fields[index + 1] ?? ''
    if (rules === null || !isDropped(rules, name)) text += `${name}: ${value}\r\n`
    // A service may take `Via` out, since nginx packs nothing for who sends it (`gzip_proxied`); a circle is found out all the same.
    else if (name === 'Via') text += `${LOOP_FIELD}: ${hopOf(value)}\r\n`
  }
  return text
}

/** The last fields and the empty line. */
function framing({ body, length, method, expectsContinue }: RequestHead): string {
  // Whether the body shall come is for the backend to say (RFC 9110 §10.1.1).
  const expect = expectsContinue && body !== 'none' ? 'Expect: 100-continue\r\n' : ''
  if (body === 'chunked') return `${expect}Transfer-Encoding: chunked\r\n`
  if (body === 'length') return `${expect}Content-Length: ${length}\r\n`
  // Methods with a body in their nature say that it is empty (RFC 9110 §8.6).
  return method === 'POST' || method === 'PUT' || method === 'PATCH' ? 'Content-Length: 0\r\n' : ''
}
