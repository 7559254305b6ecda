import type { Listings } from '../files/listings'
import type { LookUps } from '../files/look-ups'
import type { ViaNames } from '../http/via'
import type { TimerWheel } from '../time/timer-wheel'
import type { VisitParts } from '../visit/parts'
import type { WaitQueues } from './wait-queue'

/** What requests need of the engine besides what every visit does. */
export interface PipelineParts extends VisitParts {
  readonly wheel: TimerWheel
  readonly queues: WaitQueues
  readonly lookUps: LookUps
  readonly listings: Listings
  /** How this engine names itself to backends. */
  readonly names: ViaNames
}
