import { DEFAULTS } from '../../../../proxy/contract/config/facts'
import type { Issue } from '../../../../proxy/contract/issue'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { PORTS } from '../../../lib/number-problems'
import type { Candidate } from './candidate'

/**
 * The service with every part that has an issue put out of the way, so that the rules across services (an address taken, a
 * loop) can be checked while another field is not right yet. Positions of hosts and backends stay the same.
 */
export function mend(service: ServiceDocument, issues: readonly Issue[], prefix: string): ServiceDocument {
  const places = issues.filter(({ path }) => path.startsWith(prefix)).map(({ path }) => path.slice(prefix.length + 1))
  const broken = (place: string): boolean =>
    places.some((path) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`))
  const path = service.path !== undefined && !broken('path') ? { path: service.path } : {}
  // With a path or port that is not right nobody can say whether the address is taken: a host that nobody has stands in.
  const hosts =
    broken('path') || broken('listeners')
      ? ['path.invalid']
      : (service.hosts ?? ['*']).map((host, at) => (broken(`hosts[${at}]`) ? `host-${at}.invalid` : host))
  const type = service.type ?? DEFAULTS.service.type
  const common = {
    id: broken('id') ? 'mended' : service.id,
    type,
    ...(service.listeners === undefined || broken('listeners') ? {} : { listeners: service.listeners }),
  }
  if (type === 'files') return { ...common, hosts, ...path, root: '/srv/mended' }
  if (type === 'redirect')
    return { ...common, hosts, ...path, to: service.to === undefined || broken('to') ? 'http://target.invalid' : service.to }
  const spare = type === 'http' ? 'http://backend.invalid' : `${type}://backend.invalid:9`
  const backends = (service.backends ?? []).map((backend, at) => ({
    id: `backend-${at}`,
    url: broken(`backends[${at}].url`) ? spare : backend.url,
  }))
  return { ...common, ...(type === 'udp' ? {} : { hosts }), ...(type === 'http' ? path : {}), backends }
}

/** The listeners, with a port that nobody names for the form's own one where the typed port is not right. */
export function mendListeners(
  { document, newListener }: Pick<Candidate, 'document' | 'newListener'>,
  issues: readonly Issue[],
): NonNullable<ConfigDocument['listeners']> {
  const listeners = document.listeners ?? []
  const at = newListener === null ? -1 : listeners.indexOf(newListener)
  if (at < 0 || !issues.some(({ path }) => path.startsWith(`listeners[${at}]`))) return [...listeners]
  const named = JSON.stringify(document)
  let { max: port } = PORTS
  while (named.includes(String(port))) port--
  return listeners.map((listener) => (listener === newListener ? { ...listener, port } : listener))
}
