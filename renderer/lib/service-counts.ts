import type { ServiceState, Status } from '../../proxy/contract/status'

/** How many services are in each state. */
export type ServiceCounts = Readonly<Record<ServiceState, number>>

export function countServices(services: readonly { readonly state: ServiceState }[]): ServiceCounts {
  const counts: Record<ServiceState, number> = { down: 0, attention: 0, checking: 0, online: 0, off: 0 }
  for (const { state } of services) counts[state]++
  return counts
}

/** What needs someone, in a few words for a title: "Gateway stopped", "2 down"; empty while all is well. */
export function worstFirst(status: Pick<Status, 'engine' | 'services'>): string {
  const { state } = status.engine
  if (state === 'stopped') return 'Gateway stopped'
  if (state === 'failed') return 'Gateway cannot start'
  if (state === 'restarting') return 'Gateway restarting'
  const counts = countServices(status.services)
  if (counts.down > 0) return `${counts.down} down`
  return counts.attention > 0 ? `${counts.attention} ${counts.attention === 1 ? 'needs' : 'need'} attention` : ''
}
