import { parseBackendUrl } from '../../contract/backend-url'
import type { HealthEvent } from '../../contract/events'
import type { EngineStatus } from '../../contract/status'

export type Level = 'well' | 'attention' | 'down'

/** What was found of a service, and how bad that is. */
export interface Found {
  readonly event: HealthEvent
  readonly level: Level
  /** As people call it: it may be gone from the configuration when its alarm ends. */
  readonly name: string
  /** When that was found, of `elapsed`. */
  readonly found: number
}

/** What somebody has taken out on purpose is no alarm. Null: checks have not found anything yet. */
export function levelOf({ state, onBackup, backend }: HealthEvent): Level | null {
  if (state === 'checking') return null
  if (state === 'down') return 'down'
  return state === 'attention' && (onBackup || backend?.health === 'down') ? 'attention' : 'well'
}

/**
 * The same of a service as it is now, with the backend that is to blame. A service that is down for want of a listener raises
 * nothing, since the listener has its own notice: it stays as it was.
 */
export function nowOf(service: EngineStatus['services'][number], before: Level, at: number): { event: HealthEvent; level: Level | null } {
  const { id, state, reason, onBackup, backends } = service
  const backend = backends.find((one) => one.state === 'active' && one.health === 'down') ?? null
  const event = { at, service: id, state, reason, onBackup, backend }
  if (backend === null && state === 'down') return { event, level: before }
  return { event, level: backend === null && state === 'attention' ? 'well' : levelOf(event) }
}

/** The machine that is to blame, under which alarms are folded. */
export function machineOf({ backend, service }: HealthEvent): string {
  if (backend === null) return service
  const url = parseBackendUrl(backend.url)
  return typeof url === 'string' ? backend.url : url.host
}

/** Where on that machine. */
export function placeOf({ backend, service }: HealthEvent): string {
  if (backend === null) return service
  const url = parseBackendUrl(backend.url)
  return typeof url === 'string' ? backend.url : `${url.host}:${url.port}`
}
