import type { ErrorCode } from '../../contract/errors'
import type { RequestRing } from '../measure/request-ring'
import type { RequestContext } from '../visit/context'

/** A head may be a megabyte and the log keeps 10,000 rows: longer paths are cut off there. */
const LONGEST_PATH = 512

/** What a client is refused for who it is or how much it asks for, as against what failed. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['AR_REFUSED', 'AR_BODY_TOO_LARGE', 'AR_RATE_LIMITED', 'AR_SIGN_IN'])

/** The end of every request, exactly once: counters, latency, and its row in the request log. */
export function observe(context: RequestContext, ring: RequestRing, elapsed: number): void {
  if (context.observed) return
  context.observed = true
  const { counters, refusal } = context
  if (counters) {
    counters.inFlight -= 1
    if (context.status > 0) counters.answered(context.status)
    if (refusal !== null && REFUSALS.has(refusal.code)) counters.refused += 1
    // A page that somebody wants visitors to see is no failure.
    else if (refusal?.code !== 'AR_MAINTENANCE' && (context.status >= 500 || (context.endedBy === 'backend' && context.reason !== null)))
      counters.failed += 1
    if (context.firstByte !== -1) counters.latency(context.firstByte)
  }
  ring.add({
    ref: context.ref,
    at: context.at,
    client: context.client,
    method: context.head.method,
    host: context.authority?.host ?? '',
    path: shortened(context.path?.raw ?? ''),
    service: context.service?.id ?? null,
    backend: context.backend?.config.id ?? null,
    status: context.status,
    error: refusal?.code ?? null,
    reason: refusal?.reason ?? context.reason,
    rule: context.rule,
    endedBy: context.endedBy,
    duration: Math.round(elapsed * 10) / 10,
    bytesIn: context.bytesIn,
    bytesOut: context.bytesOut,
    attempts: context.attempts,
  })
}

/** As a copy: a part of a text keeps the whole one in memory. */
function shortened(path: string): string {
  return path.length <= LONGEST_PATH ? path : `${Buffer.from(path.slice(0, LONGEST_PATH), 'latin1').toString('latin1')}…`
}
