import type { Service } from '../../../proxy/contract/config/service'
import { isMachineType, type ServiceType } from '../../../proxy/contract/config/service-kinds'
import type { ServiceState } from '../../../proxy/contract/status'
import { toUnicodeHost } from '../../lib/idn'

/** Which services the list shows. */
export type Show = 'all' | ServiceGroup | 'attention' | 'off'

/** What people tell apart in the list; a redirect stands for a web page. */
export type ServiceGroup = 'web' | 'files' | 'machines'

export function groupOf(type: ServiceType): ServiceGroup {
  return type === 'files' ? 'files' : isMachineType(type) ? 'machines' : 'web'
}

/** Whether every word of the query is in the service's name, id, host names, path, backends, folder, target or addresses. */
export function matchesQuery(service: Service, addresses: readonly string[], query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const text = [
    service.name ?? '',
    service.id,
    ...service.hosts,
    ...service.hosts.map(toUnicodeHost),
    service.path,
    ...service.backends.map(({ url }) => url),
    service.root ?? '',
    service.to ?? '',
    ...addresses,
  ]
  const haystack = text.join('\n').toLowerCase()
  return words.every((word) => haystack.includes(word))
}

/** Whether a service of this type and in this state belongs to what is shown. */
export function isShown(show: Show, state: ServiceState | null, type: ServiceType = 'http'): boolean {
  if (show === 'attention') return state === 'down' || state === 'attention'
  if (show === 'off') return state === 'off'
  return show === 'all' || groupOf(type) === show
}
