import type { BackendUrl } from '../../contract/backend-url'
import { decodeSegments, isBelow } from '../route/request-path'
import { writtenPath } from '../route/service-path'

/** How a backend's own addresses look from outside. */
export interface PublicView {
  readonly backend: BackendUrl
  /** `http://wiki.office.lan:8080`: what the visitor called. */
  readonly origin: string
  /** The Host that the backend was told; omitted: that of `origin`. */
  readonly told?: string
  /** The service's path where it is taken off for the backend, else `/`. */
  readonly strippedPath: string
  /** What proxies in front have taken off before, as the backend is told; omitted: nothing. */
  readonly outerPath?: string
  /** Whether a path at the public address is another service's; omitted: none is. */
  readonly isElsewhere?: (path: string) => boolean
}

/** A URL or path in an answer, without the backend's name, port and base path. Foreign URLs stay as they are. */
export function publicLocation(location: string, view: PublicView): string {
  const absolute = /^(?:(https?):)?\/\/([^/?#]*)(.*)$/is.exec(location)
  if (!absolute) return location.startsWith('/') ? publicPath(location, view) : location
  const [, given, authority = '', rest = ''] = absolute
  const scheme = given?.toLowerCase()
  const path = rest.startsWith('/') ? rest : `/${rest}`
  // An application that builds whole URLs of the Host it is told knows as little of a stripped path as one that writes paths.
  if (namesPublic(authority, scheme, view)) {
    const seen = publicPath(path, view)
    return seen === path || view.isElsewhere?.(path.replace(/#.*$/s, '')) === true ? location : view.origin + seen
  }
  return namesBackend(authority, scheme, view) ? view.origin + publicPath(path, view) : location
}

/** A `Link` (RFC 8288 §3) with public targets. */
export function publicLinks(value: string, view: PublicView): string {
  let text = ''
  let at = 0
  for (;;) {
    const open = value.indexOf('<', at)
    const close = open === -1 ? -1 : value.indexOf('>', open)
    if (close === -1) return text + value.slice(at)
    text += `${value.slice(at, open + 1)}${publicLocation(value.slice(open + 1, close), view)}>`
    at = close + 1
  }
}

/** A cookie without the backend's name in `Domain` (it then fits the public host) and with its `Path` as seen from outside. */
export function publicCookie(cookie: string, view: PublicView): string {
  const [pair = '', ...attributes] = cookie.split(';')
  const kept = attributes.flatMap((attribute) => {
    // RFC 6265 §5.2: what stands before the first `=`, and behind it.
    const equals = attribute.indexOf('=')
    const name = (equals === -1 ? attribute : attribute.slice(0, equals)).trim().toLowerCase()
    const value = equals === -1 ? '' : attribute.slice(equals + 1).trim()
    if (name === 'domain' && coversBackend(value, view)) return []
    if (name !== 'path' || !value.startsWith('/')) return [attribute]
    const path = publicPath(value, view)
    return [` Path=${value === '/' && path.length > 1 ? path.replace(/\/$/, '') : path}`]
  })
  return [pair, ...kept].join(';')
}

/** `Refresh: 5; url=…` with a public URL; browsers read it without `url=`, too (HTML Living Standard, “shared declarative refresh”). */
export function publicRefresh(value: string, view: PublicView): string {
  return value.replace(
    /^(\s*[\d.]+(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?["']?)([^\s"'][^"']*)/i,
    (_, start: string, url: string) => start + publicLocation(url.trim(), view),
  )
}

/**
 * A backend's path as clients have to ask for it. An application that has been told its public path (Grafana's `root_url`, or
 * `X-Forwarded-Prefix`) writes it itself: what lies at or below it is there already, unless the backend's own base path says more.
 */
function publicPath(path: string, { backend, strippedPath, outerPath = '' }: PublicView): string {
  const base = backend.basePath
  const isBased = base !== '/' && path.startsWith(base) && /^(?:[/?#]|$)/.test(path.slice(base.length))
  const stays = strippedPath !== '/' && isAtOrBelow(path, strippedPath)
  if (outerPath !== '' && strippedPath !== '/' && isAtOrBelow(path, outerPath + strippedPath)) return path
  if (stays && !(isBased && base.length > strippedPath.length)) return path
  const seen = isBased ? withoutBase(path, base) : path
  return strippedPath === '/' ? seen : writtenPath(strippedPath) + seen
}

/** With a dot before two slashes, which would be read as the beginning of a host's name (RFC 3986 §3.3). */
function withoutBase(path: string, base: string): string {
  const rest = path.slice(base.length)
  return rest.startsWith('//') ? `/.${rest}` : rest.startsWith('/') ? rest : `/${rest}`
}

function isAtOrBelow(target: string, prefix: string): boolean {
  const [path = ''] = target.split(/[?#]/, 1)
  return isBelow(decodeSegments(path), decodeSegments(prefix))
}

function namesPublic(authority: string, scheme: string | undefined, { origin }: PublicView): boolean {
  const [, proto = '', named = ''] = /^(https?):\/\/(.*)$/s.exec(origin) ?? []
  if (scheme !== undefined && scheme !== proto) return false
  const [theirs, ours] = [splitAuthority(authority), splitAuthority(named)]
  return theirs.host === ours.host && (theirs.port ?? usualPort(proto)) === (ours.port ?? usualPort(proto))
}

/**
 * Whether an authority is the backend: by its own name, or by a public one with the backend's port. nginx's redirects are of the
 * second kind: they join the Host of the request with the port nginx itself listens on. Or it is the Host as the backend was told
 * it, with the backend's own scheme where the visitor has the other one.
 */
function namesBackend(authority: string, given: string | undefined, { backend, origin, told }: PublicView): boolean {
  const scheme = given ?? backend.scheme
  const { host, port } = splitAuthority(authority)
  const own = splitAuthority(told ?? '')
  const isOurs = host === own.host || host === publicHost(origin)
  if ((port ?? usualPort(scheme)) === backend.port && (host === backend.host || isOurs)) return true
  // `https` and no port may as well be a deliberate way out of plain HTTP, which nothing must lead back from.
  return host === own.host && port === own.port && scheme === backend.scheme && (scheme === 'http' || port !== undefined)
}

function usualPort(scheme: string): number {
  return scheme === 'https' ? 443 : 80
}

function coversBackend(domain: string, { backend, origin, told }: PublicView): boolean {
  const name = domain.toLowerCase().replace(/^\./, '')
  const covers = (host: string): boolean => host === name || host.endsWith(`.${name}`)
  return (covers(backend.host) || covers(splitAuthority(told ?? '').host)) && !covers(publicHost(origin))
}

/** Not by `new URL`, which throws on names that a client may well send as its Host, such as `xn--a`. */
function publicHost(origin: string): string {
  return splitAuthority(origin.replace(/^https?:\/\//, '')).host
}

function splitAuthority(authority: string): { host: string; port?: number } {
  const [, host = '', port = ''] = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority.toLowerCase()) ?? []
  return { host: host.replace(/^\[|\]$/g, ''), ...(port === '' ? {} : { port: Number(port) }) }
}
