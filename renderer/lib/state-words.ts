import type { BackendStatus, EngineState, ServiceState, ServiceStatus } from '../../proxy/contract/status'
import { formatNumberOf } from './format'

/** A state's shape and word, so that no screen names it differently. */
export interface StateWords {
  readonly glyph: 'ok' | 'warn' | 'down' | 'drain' | 'maintenance' | 'checking' | 'off'
  readonly text: string
}

const SERVICE: Readonly<Record<ServiceState, StateWords>> = {
  down: { glyph: 'down', text: 'Down' },
  attention: { glyph: 'warn', text: 'Needs attention' },
  checking: { glyph: 'checking', text: 'Checking' },
  online: { glyph: 'ok', text: 'Online' },
  off: { glyph: 'off', text: 'Switched off' },
}

const NOT_RUNNING: StateWords = { glyph: 'off', text: 'Not running' }

type Told = Pick<ServiceStatus, 'state' | 'onBackup' | 'maintenance' | 'backends'>

/** A service's state; while the gateway does not run, its last one means nothing. */
export function serviceWords(service: Told | null, enabled: boolean, engine: EngineState['state'] | null): StateWords {
  if (!enabled || service?.state === 'off') return SERVICE.off
  if (engine !== 'running') return engine === 'starting' || engine === 'restarting' ? SERVICE.checking : NOT_RUNNING
  if (service === null) return SERVICE.checking
  return service.state === 'down' ? SERVICE.down : (onPurpose(service) ?? SERVICE[service.state])
}

/** What somebody wants so, or what a backup saves, is told as such (DESIGN §4: Down before On backup before Draining). */
function onPurpose({ onBackup, maintenance, backends }: Told): StateWords | null {
  if (maintenance) return { glyph: 'maintenance', text: 'Maintenance' }
  if (onBackup) return { glyph: 'warn', text: 'On backup' }
  if (backends.length === 0 || backends.some(({ role, state }) => role === 'primary' && state === 'active')) return null
  const draining = backends.filter(({ state }) => state === 'draining')
  if (draining.length > 0) return { glyph: 'drain', text: `Draining, ${draining.reduce((sum, { inFlight }) => sum + inFlight, 0)} left` }
  return backends.every(({ state }) => state === 'maintenance') ? { glyph: 'maintenance', text: 'Maintenance' } : null
}

const BACKEND: Readonly<Record<BackendStatus['health'], StateWords>> = {
  up: { glyph: 'ok', text: 'Online' },
  down: { glyph: 'down', text: 'Down' },
  checking: { glyph: 'checking', text: 'Checking' },
  unwatched: { glyph: 'ok', text: 'Not watched' },
}

/** A backend's state where somebody took it out, otherwise its health. */
export function backendWords(
  { health, state, inFlight }: Pick<BackendStatus, 'health' | 'state' | 'inFlight'>,
  engine: EngineState['state'] | null,
): StateWords {
  if (engine !== 'running') return NOT_RUNNING
  if (state === 'draining') return { glyph: 'drain', text: `Draining, ${inFlight} left` }
  return state === 'maintenance' ? { glyph: 'maintenance', text: 'Maintenance' } : BACKEND[health]
}

/** `3 requests, 1 WebSocket still running`. */
export function runningWords(requests: number, tunnels: number): string {
  const parts = [
    ...(requests > 0 || tunnels === 0 ? [formatNumberOf(requests, 'request')] : []),
    ...(tunnels > 0 ? [formatNumberOf(tunnels, 'WebSocket')] : []),
  ]
  return `${parts.join(', ')} still running`
}
