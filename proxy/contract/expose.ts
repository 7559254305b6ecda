import { isHost, parseBackendUrl } from './backend-url'
import { DEFAULTS, maxLengthOf, rangeOf } from './config/facts'
import { PROTOCOL_OF } from './config/service-kinds'
import type { ConfigDocument } from './config/document'
import type { ServiceDocument } from './config/service'

/** What a person says to have something exposed; everything else has a default. */
export interface ExposeRequest {
  /** A backend's URL, or the full path of a folder to host. */
  readonly url: string
  readonly name?: string | undefined
  /** Host names it answers to; none: any host. */
  readonly hosts?: readonly string[] | undefined
  readonly path?: string | undefined
  /** A port of its own instead of the gateway's common ones. */
  readonly port?: number | undefined
  /** Who may reach it, as `from` values; everyone else is refused. Empty: anyone. */
  readonly allow: readonly string[]
}

/** Adds a service (and, for a port of its own, a listener where none has that port) to a copy of the document. */
export function expose(given: ConfigDocument, request: ExposeRequest): { document: ConfigDocument; service: ServiceDocument } {
  const document = request.port === undefined ? given : pinListeners(given)
  const services = document.services ?? []
  const listeners = [...(document.listeners ?? [])]
  const name = request.name?.trim() || suggestName(request.url)
  const kind = kindOf(request.url)
  const protocol = PROTOCOL_OF[kind]
  let own =
    request.port === undefined
      ? undefined
      : listeners.find((listener) => listener.port === request.port && (listener.protocol ?? 'http') === protocol)
  if (request.port !== undefined && own === undefined) {
    own = {
      id: freeId(
        ownPortId(request.port, protocol),
        listeners.map(({ id }) => id),
      ),
      address: listeners[0]?.address ?? DEFAULTS.listener.address,
      port: request.port,
      protocol,
    }
    listeners.push(own)
  }
  const service: ServiceDocument = {
    id: freeId(
      slug(name),
      services.map(({ id }) => id),
    ),
    name,
    type: kind,
    // Named even when it would be all of them: a later listener of another service's own must not open this one too.
    listeners: own ? [own.id] : commonListeners(document),
    ...(request.hosts && request.hosts.length > 0 ? { hosts: [...request.hosts] } : {}),
    ...(request.path && request.path !== '/' ? { path: request.path } : {}),
    ...(kind === 'files' ? { root: request.url } : { backends: [{ id: 'main', url: request.url }] }),
    ...(request.allow.length > 0
      ? { access: { rules: request.allow.map((from) => ({ action: 'allow' as const, from })), default: 'deny' as const } }
      : {}),
  }
  return { document: { ...document, listeners, services: [...services, service] }, service }
}

/**
 * Names today's listeners on services that name none and so answer on every listener: one that is added for another
 * service alone must not open them too.
 */
export function pinListeners(document: ConfigDocument): ConfigDocument {
  const services = document.services?.map((service) => {
    const listeners = (document.listeners ?? [])
      .filter(({ protocol }) => (protocol ?? 'http') === PROTOCOL_OF[service.type ?? 'http'])
      .map(({ id }) => id)
    return service.listeners === undefined && listeners.length > 0 ? { ...service, listeners } : service
  })
  return services ? { ...document, services } : document
}

/** The gateway's common listeners: those that are not a port of their own for one service. */
export function commonListeners(document: ConfigDocument): string[] {
  const web = (document.listeners ?? []).filter(({ protocol }) => protocol === undefined || protocol === 'http')
  const common = web.filter(({ id }) => !isOwnPort(id)).map(({ id }) => id)
  return common.length > 0 ? common : web.map(({ id }) => id)
}

/** The id of a listener that is a service's own port. */
export function ownPortId(port: number, protocol: 'http' | 'tcp' | 'udp'): string {
  return `port-${port}${protocol === 'udp' ? '-udp' : ''}`
}

/** Whether a listener is a service's own port, by its id. */
export function isOwnPort(id: string): boolean {
  return /^port-\d+(?:-udp)?(?:-\d+)?$/.test(id)
}

/** Small letters, digits and dashes of a name; `service` where nothing is left. */
export function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return (
    plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 50)
      .replace(/-$/, '') || 'service'
  )
}

/** The id itself or, where it is taken, the first of `id-2`, `id-3`, … that is not. */
export function freeId(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted
  for (let n = 2; ; n++) if (!taken.includes(`${wanted}-${n}`)) return `${wanted}-${n}`
}

/** What an address to expose is: a folder by its full path, a port of a machine, else a web service. */
export function kindOf(address: string): 'http' | 'files' | 'tcp' | 'udp' {
  if (/^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(address)) return 'files'
  const parsed = parseBackendUrl(address)
  return typeof parsed === 'string' || parsed.scheme === 'http' || parsed.scheme === 'https' ? 'http' : parsed.scheme
}

/** A name for what lies behind a URL: its host and port; for a folder its own. */
export function suggestName(url: string): string {
  if (kindOf(url) === 'files')
    return (
      url
        .split(/[\\/]/)
        .findLast((part) => part !== '')
        ?.slice(0, maxLengthOf('services.name')) ?? 'Files'
    )
  const parsed = parseBackendUrl(url)
  return typeof parsed === 'string' ? 'Service' : `${parsed.host}:${parsed.port}`.slice(0, maxLengthOf('services.name'))
}

/** Where people say a service should be found: `wiki.office.lan`, `wiki.office.lan/docs`, `:8082`, or a pasted URL. */
export interface PublicAddress {
  readonly host: string | null
  readonly port: number | null
  readonly path: string
}

/** Takes such a text apart, or says in a sentence what is wrong. An empty text is any host at `/`. */
export function parsePublicAddress(text: string): PublicAddress | string {
  const bare = text.trim().replace(/^https?:\/\//i, '')
  const match = /^(\[[0-9a-f:.]+\]|[^/:?#\s]*)(?::(\d+))?(\/[^?#\s]*)?$/i.exec(bare)
  if (!match) return 'write a host name such as wiki.office.lan, or a port such as :8082'
  const host = (match[1] ?? '').toLowerCase().replace(/^\[|\]$/g, '')
  if (host !== '' && host !== '*' && !isHost(host.replace(/^\*\./, ''))) return `“${host}” is not a host name`
  const port = match[2] === undefined ? null : Number(match[2])
  const { min, max } = rangeOf('listeners.port')
  if (port !== null && (port < min || port > max)) return `choose a port from ${min} to ${max}`
  return { host: host === '' || host === '*' ? null : host, port, path: match[3] ?? '/' }
}
