import type { Series } from '../../../proxy/contract/control-api'
import type { Traffic } from '../../../proxy/contract/status'
import { formatClock, formatMs, formatRate } from '../../lib/format'
import { type ChartData, type ChartLine, withGaps } from '../../ui/live-chart/chart-data'

type Point = Series['points'][number]
type Shape = Pick<ChartLine, 'name' | 'kind' | 'color'>

export const RATE_LINES = [
  { name: 'requests', kind: 'area', color: '--c-main' },
  { name: 'errors', kind: 'bars', color: '--c-5xx' },
] as const satisfies readonly Shape[]

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

/** Requests and errors per second over time, up to now. */
export function rateData(series: Series, live: LivePoint | null): ChartData {
  const points = upToNow(series, live)
  const errors = points.map(({ failedPerSecond }) => (failedPerSecond > 0 ? failedPerSecond : null))
  return withGaps(drawn(RATE_LINES, points, [points.map(({ perSecond }) => perSecond), errors]), series.step)
}

/** Time to the first byte over time, up to now. */
export function latencyData(series: Series, live: LivePoint | null): ChartData {
  const points = upToNow(series, live)
  return withGaps(drawn(LATENCY_LINES, points, [points.map(({ p99 }) => p99), points.map(({ p95 }) => p95), points.map(({ p50 }) => p50)]), series.step)
}

/** The rate chart in a sentence. */
export function rateSummary(data: ChartData | null, minutes: number): string {
  const values = data?.lines[0]?.values ?? []
  const peak = peakOf(values)
  if (!data || peak === null) return `Requests per second over the last ${minutes} minutes: none yet.`
  const errors = peakOf(data.lines[1]?.values ?? [])
  const at = data.times[values.indexOf(peak)] ?? 0
  return `Requests per second over the last ${minutes} minutes: highest ${formatRate(peak)} at ${formatClock(at)}. ${errors === null ? 'No errors.' : `Errors up to ${formatRate(errors)} per second.`}`
}

/** The latency chart in a sentence. */
export function latencySummary(data: ChartData | null, minutes: number): string {
  const peaks = (data?.lines ?? []).flatMap(({ name, values }) => {
    const peak = peakOf(values)
    return peak === null ? [] : [`${name} up to ${formatMs(peak)}`]
  })
  return `Response time over the last ${minutes} minutes: ${peaks.length > 0 ? peaks.join(', ') : 'nothing measured'}.`
}

function upToNow({ points, step }: Series, live: LivePoint | null): readonly Point[] {
  if (!live) return points
  const last = points.at(-1)
  // Within the bucket that is being filled the live point stands for it.
  const kept = last && live.at - last.at < step ? points.slice(0, -1) : points
  const { perSecond, latency } = live.traffic
  return [...kept, { at: live.at, perSecond, failedPerSecond: 0, p50: latency?.p50 ?? null, p95: latency?.p95 ?? null, p99: latency?.p99 ?? null }]
}

function drawn(shapes: readonly Shape[], points: readonly Point[], values: readonly (readonly (number | null)[])[]): ChartData {
  return { times: points.map(({ at }) => at), lines: shapes.map((shape, line) => ({ ...shape, values: values[line] ?? [] })) }
}

function peakOf(values: readonly (number | null)[]): number | null {
  const measured = values.filter((value) => value !== null)
  return measured.length === 0 ? null : Math.max(...measured)
}
