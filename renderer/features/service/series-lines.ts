import type { Series } from '../../../proxy/contract/calls/traffic'
import type { Traffic } from '../../../proxy/contract/status'
import { formatClock, formatMs, formatRate } from '../../lib/format'
import { type ChartData, type ChartLine, withGaps } from '../../ui/live-chart/chart-data'

type Point = Series['points'][number]
type Shape = Pick<ChartLine, 'name' | 'kind' | 'color'>

/** What a service is asked for. */
export type Asked = 'Requests' | 'Connections'

export function rateLines(what: Asked): readonly Shape[] {
  return [
    { name: what.toLowerCase(), kind: 'area', color: '--c-main' },
    { name: 'errors', kind: 'bars', color: '--c-5xx' },
  ]
}

export const LATENCY_LINES = [
  { name: 'p99', kind: 'dotted', color: '--c-p99' },
  { name: 'p95', kind: 'solid', color: '--c-p95' },
  { name: 'p50', kind: 'dashed', color: '--c-p50' },
] as const satisfies readonly Shape[]

/** This second's figures, which the series will have in its next bucket. */
export interface LivePoint {
  readonly at: number
  readonly traffic: Traffic
}

/** Requests or connections, and errors, per second over time, up to now. */
export function rateData(series: Series, live: LivePoint | null, what: Asked = 'Requests'): ChartData {
  return drawn(series, live, rateLines(what), ({ perSecond, failedPerSecond }) => [perSecond, failedPerSecond > 0 ? failedPerSecond : null])
}

/** Time to the first byte over time, up to now. */
export function latencyData(series: Series, live: LivePoint | null): ChartData {
  return drawn(series, live, LATENCY_LINES, ({ p99, p95, p50 }) => [p99, p95, p50])
}

/** The rate chart in a sentence. */
export function rateSummary(data: ChartData | null, minutes: number, what: Asked = 'Requests'): string {
  const values = data?.lines[0]?.values ?? []
  const peak = peakOf(values)
  if (!data || peak === null) return `${what} per second over the last ${minutes} minutes: none yet.`
  const errors = peakOf(data.lines[1]?.values ?? [])
  const at = data.times[values.indexOf(peak)] ?? 0
  return `${what} per second over the last ${minutes} minutes: highest ${formatRate(peak)} at ${formatClock(at)}. ${errors === null ? 'No errors.' : `Errors up to ${formatRate(errors)} per second.`}`
}

/** The latency chart in a sentence. */
export function latencySummary(data: ChartData | null, minutes: number): string {
  const peaks = (data?.lines ?? []).flatMap(({ name, values }) => {
    const peak = peakOf(values)
    return peak === null ? [] : [`${name} up to ${formatMs(peak)}`]
  })
  return `Response time over the last ${minutes} minutes: ${peaks.length > 0 ? peaks.join(', ') : 'nothing measured'}.`
}

function drawn(
  { points, step }: Series,
  live: LivePoint | null,
  shapes: readonly Shape[],
  valuesOf: (point: Point) => readonly (number | null)[],
): ChartData {
  const last = points.at(-1)
  // Within the bucket that is being filled the live point stands for it.
  const kept = live && last && live.at - last.at < step ? points.slice(0, -1) : points
  const past = withGaps(
    {
      times: kept.map(({ at }) => at),
      lines: shapes.map((shape, line) => ({ ...shape, values: kept.map((point) => valuesOf(point)[line] ?? null) })),
    },
    step,
  )
  if (!live) return past
  const { perSecond, latency } = live.traffic
  const now = valuesOf({
    at: live.at,
    perSecond,
    failedPerSecond: 0,
    p50: latency?.p50 ?? null,
    p95: latency?.p95 ?? null,
    p99: latency?.p99 ?? null,
  })
  // The series is asked for every ten seconds, so up to two buckets may be missing before now without anything having been away.
  const end: ChartData = { times: [live.at], lines: shapes.map((shape, line) => ({ ...shape, values: [now[line] ?? null] })) }
  return join(past, end, step * 3)
}

function join(past: ChartData, end: ChartData, reach: number): ChartData {
  const [before, after] = [past.times.at(-1), end.times[0]]
  const hole = before !== undefined && after !== undefined && after - before > reach
  return {
    times: [...past.times, ...(hole ? [before + 1] : []), ...end.times],
    lines: past.lines.map((line, at) => ({ ...line, values: [...line.values, ...(hole ? [null] : []), ...(end.lines[at]?.values ?? [])] })),
  }
}

function peakOf(values: readonly (number | null)[]): number | null {
  const measured = values.filter((value) => value !== null)
  return measured.length === 0 ? null : Math.max(...measured)
}
