import type { Issue } from '../../../../proxy/contract/issue'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'

/**
 * The service with every part that has an issue put out of the way, so that the rules across services (an address taken, a
 * loop) can be checked while another field is not right yet. Positions of hosts and backends stay the same.
 */
export function mend(service: ServiceDocument, issues: readonly Issue[], prefix: string): ServiceDocument {
  const places = issues.filter(({ path }) => path.startsWith(prefix)).map(({ path }) => path.slice(prefix.length + 1))
  const broken = (place: string): boolean => places.some((path) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`))
  const path = service.path !== undefined && !broken('path') ? { path: service.path } : {}
  // With a path that is not right nobody can say whether the address is taken: a host that nobody has stands in.
  const hosts = broken('path') ? ['path.invalid'] : (service.hosts ?? ['*']).map((host, at) => (broken(`hosts[${at}]`) ? `host-${at}.invalid` : host))
  return {
    id: broken('id') ? 'mended' : service.id,
    ...(service.listeners === undefined ? {} : { listeners: service.listeners }),
    hosts,
    ...path,
    backends: service.backends.map((backend, at) => ({ id: `backend-${at}`, url: broken(`backends[${at}].url`) ? 'http://backend.invalid' : backend.url })),
  }
}
