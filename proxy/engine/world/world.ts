import type { Backend } from '../backend/backend'
import type { Snapshot } from './snapshot'

/** A snapshot with the living things it refers to. Requests capture it whole. */
export interface World {
  readonly snapshot: Snapshot
  /** By service id, in list order. */
  readonly backends: ReadonlyMap<string, readonly Backend[]>
}
