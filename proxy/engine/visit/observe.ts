import { elapsed } from '../../contract/clock'
import { isRefusal } from '../../contract/errors'
import { hasFailed } from '../../contract/request-failure'
import type { Measures } from '../measure/measures'
import { shownReason } from '../measure/shown'
import type { Visit } from './visit'

/** Counts the end of a visit, exactly once; false where it was counted before. */
export function countVisit(visit: Visit, { limits }: Measures): boolean {
  if (visit.observed) return false
  visit.observed = true
  const { counters, refusal } = visit
  if (counters !== null) {
    counters.inFlight -= 1
    if (visit.status > 0) counters.answered(visit.status)
    if (refusal !== null && isRefusal(refusal.code)) counters.refused += 1
    else if (hasFailed(refusal?.code ?? null, visit.status, visit.endedBy, visit.reason)) counters.failed += 1
  }
  if (refusal?.limit !== undefined) limits.count(refusal.limit, visit.started)
  return true
}

/**
 * The end of every visit, exactly once: counters, and its row in the log. `method`: of HTTP, or `TCP` and `UDP`; it and the others
 * as the log shows them (measure/shown.ts).
 */
export function observe(visit: Visit, method: string, host: string, path: string, measures: Measures): void {
  if (!countVisit(visit, measures)) return
  const { refusal } = visit
  const reason = refusal?.reason ?? visit.reason
  measures.ring.add({
    ref: visit.ref,
    at: visit.at,
    client: visit.client,
    method,
    host,
    path,
    service: visit.service?.id ?? null,
    backend: visit.backend?.config.id ?? null,
    status: visit.status,
    error: refusal?.code ?? null,
    reason: reason === null ? null : shownReason(reason),
    rule: visit.rule,
    endedBy: visit.endedBy,
    duration: Math.round((elapsed() - visit.started) * 10) / 10,
    bytesIn: visit.bytesIn,
    bytesOut: visit.bytesOut,
    attempts: visit.attempts,
  })
}
