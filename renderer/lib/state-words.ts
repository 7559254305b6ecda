import type { BackendStatus, EngineState, ServiceState } from '../../proxy/contract/status'

/** A state's shape and word, so that no screen names it differently. */
export interface StateWords {
  readonly glyph: 'ok' | 'warn' | 'down' | 'checking' | 'off'
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

/** A service's state; while the gateway does not run, its last one means nothing. */
export function serviceWords(state: ServiceState | null, engine: EngineState['state'] | null): StateWords {
  if (state === 'off') return SERVICE.off
  if (engine !== 'running') return engine === 'starting' || engine === 'restarting' ? SERVICE.checking : NOT_RUNNING
  return state === null ? SERVICE.checking : SERVICE[state]
}

const BACKEND: Readonly<Record<BackendStatus['health'], StateWords>> = {
  up: { glyph: 'ok', text: 'Online' },
  down: { glyph: 'down', text: 'Down' },
  checking: { glyph: 'checking', text: 'Checking' },
  unwatched: { glyph: 'ok', text: 'Not watched' },
}

/** A backend's health. */
export function backendWords(health: BackendStatus['health'], engine: EngineState['state'] | null): StateWords {
  return engine === 'running' ? BACKEND[health] : NOT_RUNNING
}
