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

function stretches(entries: readonly HealthEntry[], from: number, to: number): Stretch[] {
  const found: Stretch[] = []
  for (const [index, { at, state, reason }] of entries.entries()) {
    const end = Math.min(entries[index + 1]?.at ?? to, to)
    if (state === null || end <= from || at >= to) continue
    found.push({ from: Math.max(at, from), to: end, state, reason })
  }
  return found
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
