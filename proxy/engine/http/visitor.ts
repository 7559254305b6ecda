import { withoutFinalSlashes } from '../../contract/without-final-slashes'
import { chainOf, trustedHops } from '../access/client-address'
import type { RangeSet } from '../access/range-set'
import { parseAuthority, type Authority } from './authority'
import { parseForwarded } from './forwarded'
import { headerValues, type HeaderList } from './header-list'

/** What the visitor called: the address in its browser, as far as the gateway can know it. */
export interface Visitor {
  readonly proto: 'http' | 'https'
  /** The Host as the visitor sent it; empty where none was named. */
  readonly named: string
  /** The same without the port, in small letters. */
  readonly host: string
  readonly port: number
  /** `https://wiki.office.lan:8443`; null where no host was named. */
  readonly origin: string | null
  /** What proxies in front have taken off the path; empty: nothing. */
  readonly prefix: string
}

/** What a request itself says: how it came, and its Host. */
export interface Called {
  readonly proto: 'http' | 'https'
  readonly authority: Authority | null
}

const DEFAULT_PORTS = { http: 80, https: 443 } as const

/** The port of an authority, else that of the scheme: a listener behind a mapped port does not know what visitors call. */
export function portOf(authority: Authority | null, proto: keyof typeof DEFAULT_PORTS): number {
  return authority?.port ?? DEFAULT_PORTS[proto]
}

/** What a visitor called who comes to this listener itself. */
export function directVisitor(own: Called): Visitor {
  return visitor(own.proto, own.authority, null, '')
}

/**
 * What a visitor called who comes through trusted proxies: as they say it in `X-Forwarded-Proto`, `-Host` and `-Port`, or, where
 * there is none of these, in `Forwarded` (RFC 7239). In a list it is what the proxy said that took the visitor's own request:
 * left of it anything may have been made up. `own` holds for what they do not say.
 */
export function readVisitor(fields: HeaderList, own: Called, trusted: RangeSet): Visitor {
  const protos = chainOf(headerValues(fields, 'x-forwarded-proto'))
  const hosts = chainOf(headerValues(fields, 'x-forwarded-host'))
  const ports = chainOf(headerValues(fields, 'x-forwarded-port'))
  const prefix = chainOf(headerValues(fields, 'x-forwarded-prefix')).map(readPrefix).join('')
  if (protos.length + hosts.length + ports.length === 0) return readForwarded(headerValues(fields, 'forwarded'), own, trusted, prefix)
  const chain = chainOf(headerValues(fields, 'x-forwarded-for'))
  const hops = Math.min(trustedHops(chain, trusted), Math.max(0, chain.length - 1))
  // A scheme is nothing to gain by, and of proxies that add to it without adding to the chain only the first knows it.
  const proto = protos.length === chain.length ? fromRight(protos, hops) : protos[0]
  return visitor(
    readProto(proto) ?? own.proto,
    parseAuthority(fromRight(hosts, hops) ?? '') ?? own.authority,
    readPort(fromRight(ports, hops)),
    prefix,
  )
}

function readForwarded(values: readonly string[], own: Called, trusted: RangeSet, prefix: string): Visitor {
  const elements = parseForwarded(values)
  const hops = trustedHops(
    elements.map((element) => element.for),
    trusted,
  )
  const element = fromRight(elements, hops)
  return visitor(readProto(element?.proto) ?? own.proto, parseAuthority(element?.host ?? '') ?? own.authority, null, prefix)
}

/** A list of more proxies than speak in it has what the first of them said. */
function fromRight<Item>(list: readonly Item[], hops: number): Item | undefined {
  return list[Math.max(0, list.length - 1 - hops)]
}

/** Some proxies name the protocol of a WebSocket. */
function readProto(text: string | undefined): 'http' | 'https' | null {
  const [, secure] = /^(?:http|ws)(s?)$/i.exec(text ?? '') ?? []
  return secure === undefined ? null : secure === '' ? 'http' : 'https'
}

function readPort(text: string | undefined): number | null {
  const port = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : null
}

/** Of several proxies each tells its own, the outermost first, with or without a final slash. */
function readPrefix(text: string): string {
  return /^\/(?!\/)[\x21-\x7e]*$/.test(text) ? withoutFinalSlashes(text) : ''
}

/** `said`: the port that a proxy names; that of the other scheme is the one on which it was asked in turn. */
function visitor(proto: 'http' | 'https', authority: Authority | null, said: number | null, prefix: string): Visitor {
  const named = authority?.text ?? ''
  const usual = DEFAULT_PORTS[proto]
  const other = DEFAULT_PORTS[proto === 'http' ? 'https' : 'http']
  const port = authority?.port ?? (said === null || said === other ? usual : said)
  const text = authority?.port === null && port !== usual ? `${named.replace(/:$/, '')}:${port}` : named
  return { proto, named, host: authority?.host ?? '', port, origin: named === '' ? null : `${proto}://${text}`, prefix }
}
