import type { Dialer } from '../../outbound/dialer'
import type { VisitParts } from '../visit/parts'

/** What streams and sessions of datagrams need of the engine. */
export interface StreamParts extends VisitParts {
  readonly dialer: Dialer
}
