import type { Service } from '../../../proxy/contract/config/service'
import type { ServiceState } from '../../../proxy/contract/status'
import { toUnicodeHost } from '../../lib/idn'

/** Which services the list shows. */
export type Show = 'all' | 'attention' | 'off'

/** Whether every word of the query is in the service's name, id, host names, path, backends or addresses. */
export function matchesQuery(service: Service, addresses: readonly string[], query: string): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const text = [service.name ?? '', service.id, ...service.hosts, ...service.hosts.map(toUnicodeHost), service.path, ...service.backends.map(({ url }) => url), ...addresses]
  const haystack = text.join('\n').toLowerCase()
  return words.every((word) => haystack.includes(word))
}

/** Whether a service in this state belongs to what is shown. */
export function isShown(show: Show, state: ServiceState | null): boolean {
  if (show === 'attention') return state === 'down' || state === 'attention'
  return show === 'all' || state === 'off'
}
