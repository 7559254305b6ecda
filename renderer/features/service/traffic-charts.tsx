import type { ServiceStatus } from '../../../proxy/contract/status'
import { formatCount, formatMs, formatRate, NO_FIGURE } from '../../lib/format'
import { useNow } from '../../state/clock'
import { LiveChart } from '../../ui/live-chart/live-chart'
import { LATENCY_LINES, latencyData, latencySummary, rateData, rateLines, rateSummary } from './series-lines'
import { useSeries } from './use-series'

interface TrafficChartsProps {
  readonly id: string
  readonly service: ServiceStatus | null
  readonly live: boolean
  readonly minutes: number
  readonly asTable: boolean
  /** Connections instead of requests. */
  readonly isStream: boolean
}

/** Requests or connections per second and response time, moving with the clock. */
export function TrafficCharts({ id, service, live, minutes, asTable, isStream }: TrafficChartsProps) {
  const what = isStream ? 'Connections' : 'Requests'
  const now = useNow()
  const series = useSeries(id, minutes)
  const point = live && service ? { at: now, traffic: service.traffic } : null
  const rate = series && rateData(series, point, what)
  const latency = series && latencyData(series, point)
  const from = now - minutes * 60_000
  const p95 = point?.traffic.latency?.p95

  return (
    <>
      <section aria-label={`${what} per second`}>
        <p className="chart-head">
          <span className="chart-figure">{point ? formatRate(point.traffic.perSecond) : NO_FIGURE}</span>
          <span className="second">{what.toLowerCase()} per second</span>
          <span className="chart-key push">
            <span className="chart-square" data-class="5xx" />
            errors
          </span>
        </p>
        <LiveChart
          label={`${what} per second`}
          lines={rateLines(what)}
          data={rate}
          from={from}
          to={now}
          least={1}
          format={formatRate}
          formatAxis={formatAxisRate}
          summary={rateSummary(rate, minutes, what)}
          asTable={asTable}
        />
      </section>
      <section aria-label="Response time">
        <p className="chart-head">
          <span className="chart-figure">{p95 === undefined ? NO_FIGURE : formatMs(p95)}</span>
          <span className="second">or faster for 95 in 100</span>
        </p>
        <LiveChart
          label="Response time"
          lines={LATENCY_LINES}
          named
          data={latency}
          from={from}
          to={now}
          least={10}
          format={formatMs}
          formatAxis={formatAxisMs}
          summary={latencySummary(latency, minutes)}
          asTable={asTable}
        />
      </section>
    </>
  )
}

/** The axis has round values, so it needs no decimals. */
function formatAxisRate(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatRate(value)
}

/** Milliseconds as bare numbers, since the figure above names the unit; from a second on with theirs. */
function formatAxisMs(value: number): string {
  return value < 1_000 ? formatCount(value) : formatMs(value).replace('.0', '')
}
