import uPlot from 'uplot'
import type { ChartLine } from './chart-data'

/** Where a chart's look comes from. */
export interface ChartStyle {
  /** Resolves a token such as `--c-main` to its colour. */
  readonly color: (token: string) => string
  readonly font: string
}

const DASHES: Readonly<Partial<Record<ChartLine['kind'], number[]>>> = { dashed: [5, 3], dotted: [1, 3] }

/** A line as uPlot draws it. */
export function lineShape({ kind, color: token }: Pick<ChartLine, 'kind' | 'color'>, { color }: ChartStyle): uPlot.Series {
  const stroke = color(token)
  if (kind === 'bars') return { stroke, fill: stroke, width: 0, points: { show: false }, ...barPaths() }
  const dash = DASHES[kind]
  return {
    stroke,
    width: 1.75,
    cap: 'round',
    spanGaps: false,
    // A moment on its own has no line; only then it is a point.
    points: { size: 4, width: 0, fill: stroke },
    ...(dash ? { dash } : {}),
    ...(kind === 'area' ? { fill: (plot: uPlot) => fade(plot, stroke) } : {}),
  }
}

function barPaths(): Pick<uPlot.Series, 'paths'> {
  const paths = uPlot.paths.bars?.({ size: [0.8, 4], align: 0 })
  return paths ? { paths } : {}
}

function fade(plot: uPlot, stroke: string): CanvasGradient | string {
  const { top, height } = plot.bbox
  // Before the first layout there is no box yet, and a gradient without a length is an error.
  if (!Number.isFinite(top) || height <= 0) return 'transparent'
  const gradient = plot.ctx.createLinearGradient(0, top, 0, top + height)
  gradient.addColorStop(0, translucent(stroke, '38'))
  gradient.addColorStop(1, translucent(stroke, '0a'))
  return gradient
}

/** The tokens are six-digit hex; anything else stays as it is. */
function translucent(color: string, alpha: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}${alpha}` : color
}
