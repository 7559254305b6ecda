import type { ErrorCode } from '../../contract/errors'
import type { AccessGate } from '../gate/access-gate'
import type { Backend } from '../backend/backend'
import type { BackendError, BackendFailure } from '../backend/backend-error'
import type { CompiledService, Snapshot } from '../world/snapshot'
import type { World } from '../world/world'
import type { Measures } from '../measure/measures'
import type { Address } from '../../contract/address'

/** What streams and sessions of datagrams need of the engine. */
export interface StreamParts {
  /** The present world; each stream captures it once. */
  readonly world: () => World
  readonly newReference: () => string
  readonly measures: Measures
  readonly gate: AccessGate
  readonly onBackendFailed: (backend: Backend, error: BackendError) => void
  readonly random: () => number
}

/** Under which code the log has a backend's failure. */
export const STREAM_CODES = {
  refused: 'AR_BACKEND_FAILED',
  'name-not-found': 'AR_BACKEND_FAILED',
  unreachable: 'AR_BACKEND_FAILED',
  certificate: 'AR_BACKEND_FAILED',
  closed: 'AR_BACKEND_FAILED',
  garbage: 'AR_BACKEND_FAILED',
  loop: 'AR_BACKEND_LOOP',
  timeout: 'AR_BACKEND_TIMEOUT',
  slow: 'AR_BACKEND_TIMEOUT',
} satisfies Record<BackendFailure, ErrorCode>

/** Whether what runs for a client should end: its service is gone or switched off, or the rules as they are now refuse it. */
export function isUnwelcomeStream(
  client: Address | null,
  service: CompiledService | null,
  snapshot: Snapshot,
  gate: AccessGate,
  now: number,
): boolean {
  if (snapshot.blocked.find(client, now) !== -1 || gate.blocks.find(client, now) !== null) return true
  if (service === null) return false
  const current = snapshot.services.get(service.id)
  if (current === undefined || !current.config.enabled) return true
  return current.config.access.mode !== 'watch' && current.access.decide(client, now) !== 'allow'
}
