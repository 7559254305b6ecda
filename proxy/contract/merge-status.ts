import type { HealthEvent, Tick } from './events'
import type { EngineStatus, ListenerStatus } from './status'

type LiveService = EngineStatus['services'][number]

/**
 * Services with a second's news. What is not named had nothing to tell and stays the very same, so that nobody looks at it
 * again; only a rate comes to rest by itself.
 */
export function servicesAfterTick<S extends LiveService>(services: readonly S[], { services: told, backends, verdicts }: Tick): S[] {
  const traffic = new Map(told.map((one) => [one.id, one.traffic]))
  const verdict = new Map(verdicts?.map(({ id, ...rest }) => [id, rest]))
  const counts = new Map<string, NonNullable<Tick['backends']>>()
  for (const one of backends ?? []) {
    const known = counts.get(one.service)
    if (known === undefined) counts.set(one.service, [one])
    else known.push(one)
  }
  return services.map((before) => {
    let service = before
    const moved = traffic.get(service.id)
    if (moved !== undefined) service = { ...service, traffic: moved }
    else if (service.traffic.perSecond !== 0) service = { ...service, traffic: { ...service.traffic, perSecond: 0 } }
    const judged = verdict.get(service.id)
    if (judged !== undefined) service = { ...service, ...judged }
    const counted = counts.get(service.id)
    return counted === undefined ? service : { ...service, backends: backendsAfter(service.backends, counted) }
  })
}

function backendsAfter(backends: LiveService['backends'], counted: NonNullable<Tick['backends']>): LiveService['backends'] {
  return backends.map((backend) => {
    const found = counted.find(({ id }) => id === backend.id)
    if (found === undefined) return backend
    const { service: _service, ...counts } = found
    return { ...backend, ...counts }
  })
}

/** Services with a backend's new health, or a folder's, and what that makes of its service. */
export function servicesAfterHealth<S extends LiveService>(services: readonly S[], event: HealthEvent): S[] {
  const { backend: told, state, reason, onBackup } = event
  return services.map((service) => {
    if (service.id !== event.service) return service
    // What was proven of its lock-down is the host's knowledge, which the engine's event does not bring.
    const backends = service.backends.map((backend) =>
      told !== null && backend.id === told.id
        ? { ...told, ...(backend.lockdown === undefined ? {} : { lockdown: backend.lockdown }) }
        : backend,
    )
    return { ...service, state, reason, onBackup, backends }
  })
}

/** Listeners with a second's counts. */
export function listenersAfterTick(listeners: readonly ListenerStatus[], { listeners: told }: Tick): ListenerStatus[] {
  return listeners.map((listener) => {
    const found = told?.find(({ id }) => id === listener.id)
    return found === undefined ? listener : { ...listener, connections: found.connections }
  })
}

/** Listeners with one that opened or failed. */
export function listenersAfter(listeners: readonly ListenerStatus[], told: ListenerStatus): ListenerStatus[] {
  return listeners.map((listener) => (listener.id === told.id ? told : listener))
}
