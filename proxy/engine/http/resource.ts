import { parseRequestPath, type RequestPath } from '../route/request-path'
import { parseAuthority, type Authority } from './authority'

/** How what a client calls by its public URL looks to the backend. */
export interface BackendView {
  /** By which names clients may call this service: the request's own Host, and what the visitor called. */
  readonly names: ReadonlySet<string>
  /** `http://wiki.office.lan`: what the backend takes itself for. */
  readonly origin: string
  /** The target that the backend knows a path by; null: the path is none of the service's. */
  targetOf(path: RequestPath): string | null
}

/** Tells it; asked only where a request holds such a URL. */
export interface ResourceSource {
  backendView(): BackendView
}

/** A URL in a request's field. `foreign`: of a host by another name, or of another scheme. */
export type Resource =
  | { readonly kind: 'own'; readonly path: RequestPath; readonly bare: boolean }
  | { readonly kind: 'foreign'; readonly authority: Authority | null; readonly path: RequestPath | null }
  | { readonly kind: 'not-valid' }

const NOT_VALID: Resource = { kind: 'not-valid' }

/** A name without the ports that belong to schemes: a proxy in front may have another scheme than is spoken here. */
export function nameOf({ host, port }: Authority): string {
  return port === null || port === 80 || port === 443 ? host : `${host}:${port}`
}

/** Reads an absolute URL, or an absolute path (RFC 4918 §8.3, `Simple-ref`). `names` as in `BackendView`. */
export function readResource(text: string, names: ReadonlySet<string>): Resource {
  const [, scheme, rest = text] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? []
  if (scheme !== undefined && !/^https?$/i.test(scheme)) return { kind: 'foreign', authority: null, path: null }
  if (!rest.startsWith('//')) {
    const path = scheme === undefined ? parseRequestPath(rest) : null
    return path === null ? NOT_VALID : { kind: 'own', path, bare: true }
  }
  const [, named = '', target = ''] = /^\/\/([^/?#]*)(.*)$/s.exec(rest) ?? []
  const authority = parseAuthority(named)
  const path = parseRequestPath(target.startsWith('/') ? target : `/${target}`)
  if (authority === null || path === null) return NOT_VALID
  return names.has(nameOf(authority)) ? { kind: 'own', path, bare: false } : { kind: 'foreign', authority, path }
}

/** Whether a request's `Destination` is the one of WebDAV. */
export function hasDestination(method: string): boolean {
  return method === 'MOVE' || method === 'COPY'
}

/** A `Destination` (RFC 4918 §10.3) or the resources in an `If` (§10.4) as the backend knows them; foreign ones stay as they are. */
export function backendResource(method: string, name: string, value: string, view: BackendView): string {
  if (name.length > 2) return hasDestination(method) ? translated(value, view) : value
  // What stands in parentheses are conditions: state tokens, which are URLs of nowhere, and entity tags.
  return value.replace(/\((?:"[^"]*"|[^()"])*\)|<([^<>]*)>/g, (part, url: string | undefined) =>
    url === undefined ? part : `<${translated(url, view)}>`,
  )
}

function translated(text: string, view: BackendView): string {
  const resource = readResource(text, view.names)
  const target = resource.kind === 'own' ? view.targetOf(resource.path) : null
  if (resource.kind !== 'own' || target === null) return text
  return resource.bare ? target : view.origin + target
}
