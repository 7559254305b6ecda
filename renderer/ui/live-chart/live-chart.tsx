import { useRef, useState } from 'react'
import { formatClock, formatClockSeconds } from '../../lib/format'
import { type ChartData, type ChartLine, lastMeasured, nextMeasured } from './chart-data'
import { ChartTable } from './chart-table'
import { usePlot } from './use-plot'
import './live-chart.css'

export interface LiveChartProps {
  /** What is drawn: "Requests per second". */
  readonly label: string
  /** Null while nothing is known yet: the frame with its axes. */
  readonly data: ChartData | null
  readonly lines: readonly Pick<ChartLine, 'name' | 'kind' | 'color'>[]
  /** The stretch of time that is shown, epoch ms. */
  readonly from: number
  readonly to: number
  readonly format: (value: number) => string
  /** The same for the axis, where there is little room. */
  readonly formatAxis: (value: number) => string
  readonly least: number
  /** The chart in a sentence, for those who do not see it. */
  readonly summary: string
  /** Lines carry their names; without it the first line ends in a dot. */
  readonly named?: boolean
  readonly asTable: boolean
  readonly height?: number
}

/** Lines over time that move with the clock. Arrow keys move a crosshair; the same numbers can be read as a table. */
export function LiveChart({
  label,
  data,
  lines,
  from,
  to,
  format,
  formatAxis,
  least,
  summary,
  named = false,
  asTable,
  height = 142,
}: LiveChartProps) {
  return (
    <figure className="live-chart" aria-label={label}>
      <figcaption className="visually-hidden">{summary}</figcaption>
      {asTable ? (
        <ChartTable label={label} data={data} format={format} height={height} />
      ) : (
        <Plot
          key={`${height} ${lines.map(({ name }) => name).join()}`}
          {...{ label, data, lines, from, to, format, formatAxis, least, named, height }}
        />
      )}
    </figure>
  )
}

function Plot({
  label,
  data,
  lines,
  from,
  to,
  format,
  formatAxis,
  least,
  named,
  height,
}: Required<Omit<LiveChartProps, 'summary' | 'asTable'>>) {
  const element = useRef<HTMLDivElement>(null)
  const [index, setIndex] = useState<number | null>(null)
  const plot = usePlot(element, { data, lines, from, to, format, formatAxis, least, named, height, onCursor: setIndex })
  const last = data ? lastMeasured(data) : null

  function moveTo(at: number | null): void {
    const time = at === null ? undefined : data?.times[at]
    if (time === undefined) plot.current?.setCursor({ left: -10, top: -10 })
    else plot.current?.setCursor({ left: plot.current.valToPos(time, 'x'), top: 0 })
  }

  function step(to: number): void {
    if (data) moveTo(nextMeasured(data, to + (to < now ? 1 : -1), to < now ? -1 : 1))
  }

  const now = index ?? last ?? 0
  const shown = data && index !== null ? readout(data, index, format) : null
  const said = shown ?? (data && last !== null ? readout(data, last, format) : null)
  return (
    <div className="live-chart-plot" style={{ blockSize: height }}>
      <input
        type="range"
        className="live-chart-crosshair"
        aria-label={`${label}, by time`}
        aria-valuetext={said?.text ?? (data === null ? 'Not known yet' : 'Nothing measured')}
        min={0}
        max={Math.max(0, (data?.times.length ?? 1) - 1)}
        value={now}
        onChange={(event) => step(Number(event.currentTarget.value))}
        onBlur={() => moveTo(null)}
      />
      <div ref={element} aria-hidden="true" />
      {shown && (
        <p className="live-chart-readout" data-side={shown.time > (from + to) / 2 ? 'left' : 'right'} aria-hidden="true">
          {shown.text}
        </p>
      )}
    </div>
  )
}

function readout({ times, lines }: ChartData, at: number, format: (value: number) => string): { time: number; text: string } | null {
  const time = times[at]
  if (time === undefined) return null
  const values = lines.flatMap(({ name, values }) => {
    const value = values[at]
    return typeof value === 'number' ? [`${name} ${format(value)}`] : []
  })
  return {
    time,
    text: `${time % 60_000 === 0 ? formatClock(time) : formatClockSeconds(time)}, ${values.length > 0 ? values.join(', ') : 'nothing measured'}`,
  }
}
