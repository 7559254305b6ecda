import type { Service } from './config/service'

/** What a service's backends are asked: a page, a connection, or nothing. */
export function healthKind({ type, health }: Pick<Service, 'type' | 'health'>): 'http' | 'tcp' | 'off' {
  if (health.type !== undefined) return health.type
  if (type === 'udp') return 'off'
  return health.path === undefined ? 'tcp' : 'http'
}
