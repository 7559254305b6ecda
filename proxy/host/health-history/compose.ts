import { type HealthHistory, type Stretch, uptimeOf } from '../../contract/health-history'
import type { HealthEntry } from './health-log'

/** A service's past of the last `hours`, out of the log. */
export function composeHistory(
  entries: readonly HealthEntry[],
  service: string,
  backends: readonly string[],
  hours: number,
  now: number,
): HealthHistory {
  const from = now - hours * 3_600_000
  const of = (backend: string | null): Stretch[] =>
    stretches(
      entries.filter((entry) => entry.service === null || (entry.service === service && entry.backend === backend)),
      from,
      now,
    )
  const own = of(null)
  return {
    from,
    to: now,
    service: own,
    backends: backends.map((id) => ({ id, stretches: of(id) })),
    incidents: incidentsOf(own, backends, of, now),
    uptime: uptimeOf(own),
  }
}

/** Where the clock was set back, what was written before that ends where the next begins: no time is lived through twice. */
function stretches(entries: readonly HealthEntry[], from: number, to: number): Stretch[] {
  const found: Stretch[] = []
  let end = to
  for (const { at, state, reason } of entries.toReversed()) {
    const begin = Math.max(at, from)
    if (state !== null && begin < end) found.push({ from: begin, to: end, state, reason })
    end = Math.min(end, at)
  }
  return found.toReversed()
}

/** Newest first; the backend that was down when it began is its cause. */
function incidentsOf(
  own: readonly Stretch[],
  backends: readonly string[],
  of: (backend: string) => Stretch[],
  now: number,
): HealthHistory['incidents'] {
  return own
    .flatMap(({ from, to, state, reason }) => {
      if (state !== 'down' && state !== 'attention') return []
      const backend =
        backends.find((id) => of(id).some((stretch) => stretch.state === 'down' && stretch.from <= to && stretch.to >= from)) ?? null
      return [{ from, to: to === now ? null : to, state, reason: reason ?? 'it did not answer', backend }]
    })
    .toReversed()
}
