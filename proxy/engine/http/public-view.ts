import type { BackendUrl } from '../../contract/backend-url'

/** How a backend's own addresses look from outside. */
export interface PublicView {
  readonly backend: BackendUrl
  /** `http://wiki.office.lan:8080`: what the client called. */
  readonly origin: string
  /** The service's path where it is taken off for the backend, else `/`. */
  readonly strippedPath: string
}

/** A URL or path in an answer, without the backend's name, port and base path. Foreign URLs stay as they are. */
export function publicLocation(location: string, view: PublicView): string {
  const absolute = /^(?:(https?):)?\/\/([^/?#]*)(.*)$/is.exec(location)
  if (!absolute) return location.startsWith('/') ? publicPath(location, view) : location
  const [, scheme, authority = '', rest = ''] = absolute
  if (!namesBackend(authority, scheme?.toLowerCase(), view)) return location
  return view.origin + publicPath(rest.startsWith('/') ? rest : `/${rest}`, view)
}

/** A cookie without the backend's name in `Domain` (it then fits the public host) and with its `Path` as seen from outside. */
export function publicCookie(cookie: string, view: PublicView): string {
  const [pair = '', ...attributes] = cookie.split(';')
  const kept = attributes.flatMap((attribute) => {
    const [, name = '', value = ''] = /^\s*([^=\s]*)\s*=?\s*(.*?)\s*$/s.exec(attribute) ?? []
    if (name.toLowerCase() === 'domain' && coversBackend(value, view)) return []
    if (name.toLowerCase() !== 'path' || !value.startsWith('/')) return [attribute]
    const path = publicPath(value, view)
    return [` Path=${value === '/' && path.length > 1 ? path.replace(/\/$/, '') : path}`]
  })
  return [pair, ...kept].join(';')
}

/** `Refresh: 5; url=…` with a public URL. */
export function publicRefresh(value: string, view: PublicView): string {
  return value.replace(/(url\s*=\s*["']?)([^"']+)/i, (_, start: string, url: string) => start + publicLocation(url.trim(), view))
}

function publicPath(path: string, { backend, strippedPath }: PublicView): string {
  const base = backend.basePath
  let seen = path
  if (base !== '/' && path.startsWith(base) && /^([/?#]|$)/.test(path.slice(base.length))) {
    seen = path.slice(base.length)
    if (!seen.startsWith('/')) seen = `/${seen}`
  }
  return strippedPath === '/' ? seen : strippedPath + seen
}

/**
 * Whether an authority is the backend: by its own name, or by the public one with the backend's port. nginx's redirects
 * are of the second kind: they join the Host of the request with the port nginx itself listens on.
 */
function namesBackend(authority: string, scheme: string | undefined, { backend, origin }: PublicView): boolean {
  const { host, port = (scheme ?? (backend.secure ? 'https' : 'http')) === 'https' ? 443 : 80 } = splitAuthority(authority)
  return port === backend.port && (host === backend.host || host === publicHost(origin))
}

function coversBackend(domain: string, { backend, origin }: PublicView): boolean {
  const name = domain.toLowerCase().replace(/^\./, '')
  const covers = (host: string): boolean => host === name || host.endsWith(`.${name}`)
  return covers(backend.host) && !covers(publicHost(origin))
}

/** Not by `new URL`, which throws on names that a client may well send as its Host, such as `xn--a`. */
function publicHost(origin: string): string {
  return splitAuthority(origin.replace(/^https?:\/\//, '')).host
}

function splitAuthority(authority: string): { host: string; port?: number } {
  const [, host = '', port = ''] = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority.toLowerCase()) ?? []
  return { host: host.replace(/^\[|\]$/g, ''), ...(port === '' ? {} : { port: Number(port) }) }
}
