import type { Service } from '../contract/config/service'
import type { ProofMark } from '../contract/lockdown-api'
import type { BackendStatus, EngineState, EngineStatus, ListenerStatus, ServiceStatus, Status, Traffic } from '../contract/status'
import type { Current } from './current'
import { serviceAddresses } from './service-addresses'

const NOTHING: Traffic = {
  requests: 0,
  answers: [0, 0, 0, 0, 0],
  refused: 0,
  failed: 0,
  bytesIn: 0,
  bytesOut: 0,
  inFlight: 0,
  perSecond: 0,
  latency: null,
}

/** What clients see: the engine's own words and, while it does not run, what the configuration says there should be. */
export function composeStatus(parts: {
  version: string
  now: number
  current: Current
  engine: EngineState
  known: EngineStatus | null
  reachable: readonly string[]
  markOf: (service: Service, backend: Service['backends'][number]) => ProofMark | null
}): Status {
  const { version, now, current, engine, known, reachable, markOf } = parts
  const services = new Map(known?.services.map((service) => [service.id, service]))
  return {
    version,
    revision: current.revision,
    at: now,
    engine,
    listeners: known?.listeners ?? current.config.listeners.map((listener) => idleListener(listener, engine)),
    ...(known?.limits === undefined ? {} : { limits: known.limits }),
    ...(known === null ? {} : { busy: known.busy }),
    ...(known?.endings === undefined ? {} : { endings: known.endings }),
    services: current.config.services.map((service) => {
      const found = services.get(service.id) ?? idleService(service, engine, now)
      return {
        ...found,
        backends: found.backends.map((backend) => withMark(service, backend, markOf)),
        addresses: serviceAddresses(current.config, service, reachable),
      }
    }),
  }
}

function withMark(service: Service, status: BackendStatus, markOf: Parameters<typeof composeStatus>[0]['markOf']): BackendStatus {
  const backend = service.backends.find(({ id }) => id === status.id)
  const mark = backend === undefined ? null : markOf(service, backend)
  return mark === null ? status : { ...status, lockdown: mark }
}

function why(engine: EngineState): string {
  if (engine.state === 'failed') return 'the gateway does not start'
  return engine.state === 'stopped' ? 'the gateway is stopped' : 'the gateway is starting'
}

function idleListener(listener: Current['config']['listeners'][number], engine: EngineState): ListenerStatus {
  return { ...listener, state: 'failed', reason: why(engine), code: 'other', holder: null, connections: 0 }
}

function idleService(service: Current['config']['services'][number], engine: EngineState, now: number): Omit<ServiceStatus, 'addresses'> {
  const waiting = engine.state !== 'stopped' && engine.state !== 'failed'
  return {
    id: service.id,
    name: service.name ?? service.id,
    type: service.type,
    state: service.enabled ? (waiting ? 'checking' : 'down') : 'off',
    reason: service.enabled ? why(engine) : null,
    traffic: NOTHING,
    onBackup: false,
    maintenance: service.maintenance.mode === 'on',
    backends: service.backends.map(({ id, url, role, state }) => ({
      id,
      url,
      role,
      state,
      drain: null,
      health: 'checking',
      reason: null,
      since: now,
      lastCheck: null,
      inFlight: 0,
      tunnels: 0,
      requests: 0,
      failed: 0,
      latency: null,
    })),
  }
}
