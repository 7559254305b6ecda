import { dateOf } from '../contract/clock'
import { askSystem } from '../system/steady'
import type { BackendStatus, Busy, EngineStatus, ListenerStatus, ServiceState } from '../contract/status'
import type { Backend } from './backend/backend'
import type { FolderWatch } from './files/folder-watch'
import type { CompiledService } from './world/snapshot'
import type { World } from './world/world'
import type { Measures } from './measure/measures'

/** How a service is, in one word and, where it is not well, a reason. */
export interface ServiceVerdict {
  readonly state: ServiceState
  readonly reason: string | null
  readonly onBackup: boolean
}

let resident = 0

/** The engine's memory; reading it takes a descriptor, which there may not be just now. */
function residentBytes(): number {
  resident = askSystem(() => process.memoryUsage.rss(), resident)
  return resident
}

/** Everything the engine knows, as its host asks for it. `startedAt` in epoch ms; every `now` is of `elapsed`. */
export function engineStatus(
  startedAt: number,
  world: World,
  listeners: readonly ListenerStatus[],
  measures: Measures,
  folders: FolderWatch,
  now: number,
): Omit<EngineStatus, 'busy'> {
  return {
    startedAt,
    listeners: [...listeners],
    memory: { rss: residentBytes() },
    limits: measures.limits.totals(),
    endings: measures.endings.totals(),
    services: [...world.snapshot.services.values()].map((service) => {
      const backends = world.backends.get(service.id) ?? []
      return {
        id: service.id,
        name: service.name,
        type: service.config.type,
        ...verdictOf(service, backends, listeners, folders, now),
        maintenance: service.config.maintenance.mode === 'on',
        traffic: measures.service(service.id).traffic(),
        backends: backends.map((backend) => backendStatus(backend, service, now)),
      }
    }),
  }
}

/** One backend as people see it. */
export function backendStatus(backend: Backend, service: CompiledService, now: number): BackendStatus {
  const { config, live } = backend
  const { health, inFlight, tunnels, requests, failed, latency, drainSince } = live
  const until = backend.drainUntil(service.config.timeouts.drain)
  return {
    id: config.id,
    url: config.url,
    role: config.role,
    state: config.state,
    drain: drainSince === null || until === null ? null : { since: drainSince.at, until: dateOf(until) },
    health: health.state(now),
    reason: health.reason(now),
    since: health.since,
    lastCheck: health.lastCheck,
    inFlight,
    tunnels,
    requests,
    failed,
    latency: meanLatency(latency),
  }
}

/** A backend's mean time to the first byte, as it is told. */
export function meanLatency(latency: number | null): number | null {
  return latency === null ? null : Math.round(latency * 10) / 10
}

/** How a service is, whatever answers for it. */
export function verdictOf(
  service: CompiledService,
  backends: readonly Backend[],
  listeners: readonly ListenerStatus[],
  folders: FolderWatch,
  now: number,
): ServiceVerdict {
  return isOwnSource(service) ? sourceVerdict(service, listeners, folders) : serviceVerdict(service, backends, listeners, now)
}

/**
 * The worst that holds: no listener or no backend is down; some of either need attention. What somebody has taken out on
 * purpose is no fault and raises nothing.
 */
export function serviceVerdict(
  service: CompiledService,
  backends: readonly Backend[],
  listeners: readonly ListenerStatus[],
  now: number,
): ServiceVerdict {
  if (!service.config.enabled) return verdict('off')
  const own = listeners.filter(({ id }) => service.listeners.includes(id))
  const shut = own.filter(({ state }) => state === 'failed')
  if (own.length === 0) return verdict('down', 'it is on no listener')
  if (shut.length === own.length) return verdict('down', shut[0]?.reason ?? null)
  const active = backends.filter(({ config }) => config.state === 'active')
  if (active.length === 0) return verdict('attention', 'every backend is drained or in maintenance')
  const down = active.filter(({ live: { health } }) => health.state(now) === 'down')
  if (down.length === active.length) return verdict('down', backendReason(down[0], now))
  const primaries = active.filter(({ config }) => config.role === 'primary')
  const onBackup = primaries.every(({ live: { health } }) => health.state(now) === 'down')
  if (down.length > 0) return verdict('attention', backendReason(down[0], now), onBackup)
  if (shut.length > 0) return verdict('attention', shut[0]?.reason ?? null, onBackup)
  return verdict(active.some(({ live: { health } }) => health.state(now) !== 'checking') ? 'online' : 'checking', null, onBackup)
}

/** Whether the gateway itself answers, without a backend. */
function isOwnSource({ config }: CompiledService): boolean {
  return config.type === 'files' || config.type === 'redirect'
}

/** As `serviceVerdict`, for what has no backend: a folder that cannot be read is down, too. */
export function sourceVerdict(service: CompiledService, listeners: readonly ListenerStatus[], folders: FolderWatch): ServiceVerdict {
  if (!service.config.enabled) return verdict('off')
  const own = listeners.filter(({ id }) => service.listeners.includes(id))
  const shut = own.filter(({ state }) => state === 'failed')
  if (own.length === 0) return verdict('down', 'it is on no listener')
  if (shut.length === own.length) return verdict('down', shut[0]?.reason ?? null)
  const problem = service.config.type === 'files' ? folders.problemOf(service.id) : null
  if (problem === undefined) return verdict('checking')
  if (problem !== null) return verdict('down', problem)
  return shut.length > 0 ? verdict('attention', shut[0]?.reason ?? null) : verdict('online')
}

function verdict(state: ServiceState, reason: string | null = null, onBackup = false): ServiceVerdict {
  return { state, reason, onBackup }
}

function backendReason(backend: Backend | undefined, now: number): string | null {
  return backend === undefined ? null : `${backend.config.id}: ${backend.live.health.reason(now) ?? 'it does not answer'}`
}

/** What goes on: see `busy` of the status. */
export function busyNow(world: World, listeners: readonly ListenerStatus[], waiting: number, timers: number): Busy {
  return {
    connections: listeners.reduce((sum, { connections }) => sum + connections, 0),
    waiting,
    running: [...world.backends.values()].flat().reduce((sum, { inFlight }) => sum + inFlight, 0),
    timers,
  }
}
