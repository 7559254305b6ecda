import type { BackendError } from '../../outbound/backend-error'
import type { Backend } from '../backend/backend'
import type { AccessGate } from '../gate/access-gate'
import type { Measures } from '../measure/measures'
import type { World } from '../world/world'
import type { Court } from './unwelcome'

/** What every visit needs of the engine. */
export interface VisitParts {
  /** The present world; each visit captures it once. */
  readonly world: () => World
  /** Makes a reference for each visit. */
  readonly newReference: () => string
  readonly measures: Measures
  readonly gate: AccessGate
  readonly court: Court
  readonly random: () => number
  /** Real traffic could not connect to a backend, or was not answered. */
  readonly onBackendFailed: (backend: Backend, error: BackendError) => void
  /** Something that ran on a backend has ended: another may have its place. */
  readonly onRoom: (service: string) => void
}
