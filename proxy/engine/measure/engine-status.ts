import type { BackendStatus, EngineStatus, ListenerStatus, ServiceState } from '../../contract/status'
import type { Backend } from '../backend/backend'
import type { CompiledService } from '../lifecycle/snapshot'
import type { World } from '../lifecycle/world'
import type { Measures } from './measures'

/** How a service is, in one word and, where it is not well, a reason. */
export interface ServiceVerdict {
  readonly state: ServiceState
  readonly reason: string | null
}

/** Everything the engine knows, as its host asks for it. */
export function engineStatus(startedAt: number, world: World, listeners: readonly ListenerStatus[], measures: Measures, now: number): EngineStatus {
  return {
    startedAt,
    listeners: [...listeners],
    memory: { rss: process.memoryUsage.rss() },
    services: [...world.snapshot.services.values()].map((service) => {
      const backends = world.backends.get(service.id) ?? []
      return {
        id: service.id,
        name: service.name,
        type: 'http' as const,
        ...serviceVerdict(service, backends, listeners, now),
        traffic: measures.service(service.id).traffic(),
        backends: backends.map((backend) => backendStatus(backend, now)),
      }
    }),
  }
}

/** One backend as people see it. */
export function backendStatus(backend: Backend, now: number): BackendStatus {
  const { config, health, inFlight, requests, failed } = backend
  return { id: config.id, url: config.url, role: config.role, state: 'active', health: health.state(now), reason: health.reason(now), since: health.since, lastCheck: health.lastCheck, inFlight, requests, failed }
}

/** The worst that holds: no listener or no backend is down; some of either need attention. */
export function serviceVerdict(service: CompiledService, backends: readonly Backend[], listeners: readonly ListenerStatus[], now: number): ServiceVerdict {
  if (!service.config.enabled) return { state: 'off', reason: null }
  const own = listeners.filter(({ id }) => service.listeners.includes(id))
  const shut = own.filter(({ state }) => state === 'failed')
  if (own.length === 0) return { state: 'down', reason: 'it is on no listener' }
  if (shut.length === own.length) return { state: 'down', reason: shut[0]?.reason ?? null }
  const down = backends.filter(({ health }) => health.state(now) === 'down')
  if (down.length === backends.length) return { state: 'down', reason: backendReason(down[0], now) }
  if (down.length > 0) return { state: 'attention', reason: backendReason(down[0], now) }
  if (shut.length > 0) return { state: 'attention', reason: shut[0]?.reason ?? null }
  const primaries = backends.filter(({ config }) => config.role === 'primary')
  return primaries.some(({ health }) => health.state(now) !== 'checking') ? { state: 'online', reason: null } : { state: 'checking', reason: null }
}

function backendReason(backend: Backend | undefined, now: number): string | null {
  return backend === undefined ? null : `${backend.config.id}: ${backend.health.reason(now) ?? 'it does not answer'}`
}
