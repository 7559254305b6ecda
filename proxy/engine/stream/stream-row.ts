import type { ErrorCode } from '../../contract/errors'
import type { RequestRow } from '../../contract/status'
import type { Measures } from '../measure/measures'
import type { ServiceCounters } from '../measure/service-counters'

/** What is told of a stream or a session when it is over. */
export interface StreamAccount {
  readonly ref: string
  readonly at: number
  /** ms of a clock that never jumps. */
  readonly started: number
  readonly client: string
  readonly method: 'TCP' | 'UDP'
  /** The name that a TLS client asked for; empty: none. */
  readonly name: string
  readonly service: string | null
  readonly backend: string | null
  readonly rule: string | null
  readonly counters: ServiceCounters | null
  readonly bytesIn: number
  readonly bytesOut: number
  readonly attempts: number
}

const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['AR_REFUSED', 'AR_RATE_LIMITED', 'AR_NO_SERVICE'])

/** The end of every stream, exactly once: counters and its row in the log. `code`: why the gateway ended it; null: it ran. */
export function tellStream(
  account: StreamAccount,
  code: ErrorCode | null,
  endedBy: RequestRow['endedBy'],
  reason: string | null,
  { ring }: Measures,
): void {
  const { counters } = account
  if (counters !== null) {
    counters.inFlight -= 1
    if (code !== null && REFUSALS.has(code)) counters.refused += 1
    else if (code !== null || (endedBy === 'backend' && reason !== null)) counters.failed += 1
  }
  ring.add({
    ref: account.ref,
    at: account.at,
    client: account.client,
    method: account.method,
    host: account.name,
    path: '',
    service: account.service,
    backend: account.backend,
    status: 0,
    error: code,
    reason,
    rule: account.rule,
    endedBy,
    duration: Math.round((performance.now() - account.started) * 10) / 10,
    bytesIn: account.bytesIn,
    bytesOut: account.bytesOut,
    attempts: account.attempts,
  })
}
