import type uPlot from 'uplot'
import { formatClock } from '../../lib/format'
import { type ChartLine, niceCeiling } from './chart-data'
import { type ChartStyle, lineShape } from './line-shape'

export interface ChartSetup {
  readonly width: number
  readonly height: number
  readonly lines: readonly Pick<ChartLine, 'name' | 'kind' | 'color'>[]
  /** A value at its line. */
  readonly format: (value: number) => string
  /** A value at the axis, in few letters. */
  readonly formatAxis: (value: number) => string
  /** The smallest end of the value axis, so that noise near nought does not look like peaks. */
  readonly least: number
  readonly named: boolean
  readonly onCursor: (index: number | null) => void
}

/** Half of what `13:20` takes: nearer to the edge it would be cut. */
const LABEL_HALF = 15

/** How uPlot draws our charts: hairlines, values on the right, no legend of its own. */
export function chartOptions(setup: ChartSetup, style: ChartStyle): uPlot.Options {
  const { color, font } = style
  const axis = { stroke: color('--c-axis'), font, ticks: { show: false }, border: { show: false } } satisfies uPlot.Axis
  return {
    width: setup.width,
    height: setup.height,
    padding: [8, 0, 0, 0],
    ms: 1,
    legend: { show: false },
    cursor: { y: false, points: { size: 7, width: 2, fill: color('--bg-panel') }, drag: { setScale: false, x: false, y: false } },
    scales: { x: { time: true }, y: { range: (_, __, max) => [0, niceCeiling(max ?? 0, setup.least)] } },
    axes: [
      {
        ...axis,
        size: 22,
        gap: 6,
        space: 84,
        grid: { show: false },
        values: (plot, times) => times.map((time) => (plot.valToPos(time, 'x') < LABEL_HALF ? '' : formatClock(time))),
      },
      {
        ...axis,
        // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- uPlot's enum of sides exists in its types only; 1 is right
        side: 1,
        size: 34,
        gap: 6,
        space: 34,
        grid: { stroke: color('--c-grid'), width: 1 },
        values: (_, values) => values.map(setup.formatAxis),
      },
    ],
    series: [{}, ...setup.lines.map((line) => lineShape(line, style))],
    hooks: {
      setCursor: [(plot) => setup.onCursor(plot.cursor.idx ?? null)],
      draw: [(plot) => (setup.named ? drawNames(plot, setup, style) : drawEnd(plot, setup, style))],
    },
  }
}

/** A dot where the first line is now. */
function drawEnd(plot: uPlot, { lines }: ChartSetup, { color }: ChartStyle): void {
  const values = Array.from(plot.data[1] ?? [])
  const at = values.findLastIndex((value) => typeof value === 'number')
  const [time, value, line] = [plot.data[0][at], values[at], lines[0]]
  if (time === undefined || typeof value !== 'number' || line === undefined) return
  const { ctx } = plot
  const ratio = window.devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.arc(plot.valToPos(time, 'x', true), plot.valToPos(value, 'y', true), 3.5 * ratio, 0, Math.PI * 2)
  ctx.fillStyle = color(line.color)
  ctx.strokeStyle = color('--bg-panel')
  ctx.lineWidth = 2 * ratio
  ctx.fill()
  ctx.stroke()
  ctx.restore()
}

const NAME_HEIGHT = 14

/** Each line's name and newest value at its beginning: nobody has to look up a colour. */
function drawNames(plot: uPlot, { lines, format }: ChartSetup, { color, font }: ChartStyle): void {
  const ratio = window.devicePixelRatio
  const names = lines.flatMap((line, index) => {
    const values = Array.from(plot.data[index + 1] ?? [])
    const first = values.findIndex((value) => typeof value === 'number')
    const [time, start, last] = [plot.data[0][first], values[first], values.findLast((value) => typeof value === 'number')]
    if (time === undefined || typeof start !== 'number' || typeof last !== 'number') return []
    return [{ text: `${line.name} ${format(last)}`, x: plot.valToPos(time, 'x', true), y: plot.valToPos(start, 'y', true) - 6 * ratio }]
  })
  const { ctx } = plot
  ctx.save()
  ctx.font = font.replace(/(\d+)px/, (_, size: string) => `${Number(size) * ratio}px`)
  ctx.textAlign = 'left'
  ctx.lineJoin = 'round'
  ctx.lineWidth = 3 * ratio
  ctx.strokeStyle = color('--bg-panel')
  ctx.fillStyle = color('--fg')
  const right = plot.bbox.left + plot.bbox.width
  let above = plot.bbox.top + plot.bbox.height + NAME_HEIGHT * ratio
  for (const { text, x, y } of names.toReversed().toSorted((a, b) => b.y - a.y)) {
    above = Math.max(plot.bbox.top + 6 * ratio, Math.min(y, above - NAME_HEIGHT * ratio))
    // A line that begins near the end has its name before it.
    const width = ctx.measureText(text).width + 6 * ratio
    const left = Math.max(plot.bbox.left, x + width > right ? x - width : x)
    ctx.strokeText(text, left, above)
    ctx.fillText(text, left, above)
  }
  ctx.restore()
}
