/** One line of a chart: its values at the chart's times; null where nothing was measured. */
export interface ChartLine {
  /** Written at the line and in the table: `p95`. */
  readonly name: string
  readonly kind: 'area' | 'solid' | 'dashed' | 'dotted' | 'bars'
  /** The token that colours it: `--c-p95`. */
  readonly color: `--${string}`
  readonly values: readonly (number | null)[]
}

/** What a chart shows; all lines have the times' length. */
export interface ChartData {
  /** Epoch ms, ascending. */
  readonly times: readonly number[]
  readonly lines: readonly ChartLine[]
}

/** Puts an empty moment into every hole longer than one and a half steps, so that lines end there instead of bridging it. */
export function withGaps({ times, lines }: ChartData, step: number): ChartData {
  const holes = times.flatMap((time, at) => (at > 0 && time - (times[at - 1] ?? time) > step * 1.5 ? [at] : []))
  if (holes.length === 0) return { times, lines }
  const spread = <T>(list: readonly T[], filler: (at: number) => T): T[] =>
    list.flatMap((item, at) => (holes.includes(at) ? [filler(at), item] : [item]))
  return {
    times: spread(times, (at) => (times[at - 1] ?? 0) + step),
    lines: lines.map((line) => ({ ...line, values: spread<number | null>(line.values, () => null) })),
  }
}

/** The end of an axis that starts at nought: the next of 1, 2, 3, 5 × a power of ten. */
export function niceCeiling(max: number, least: number): number {
  const wanted = Math.max(max, least)
  const power = 10 ** Math.floor(Math.log10(wanted))
  return ([1, 2, 3, 5, 10].find((factor) => factor * power >= wanted * 0.999) ?? 10) * power
}

export interface TableRow {
  readonly at: number
  readonly values: readonly (number | null)[]
}

/** The chart as rows, newest first: of every stretch of `step` ms the highest value, since peaks are what one looks for. */
export function tableRows({ times, lines }: ChartData, step: number): TableRow[] {
  const rows = new Map<number, (number | null)[]>()
  times.forEach((time, at) => {
    const start = Math.floor(time / step) * step
    const row = rows.get(start) ?? lines.map(() => null)
    rows.set(
      start,
      row.map((value, line) => highest(value, lines[line]?.values[at] ?? null)),
    )
  })
  return [...rows].map(([at, values]) => ({ at, values })).toSorted((a, b) => b.at - a.at)
}

function highest(a: number | null, b: number | null): number | null {
  if (a === null) return b
  return b === null ? a : Math.max(a, b)
}

/** The nearest moment with a value before (-1) or after (1) `from`; `from` itself where there is none. */
export function nextMeasured({ times, lines }: ChartData, from: number, direction: -1 | 1): number {
  for (let at = from + direction; at >= 0 && at < times.length; at += direction) {
    if (lines.some(({ values }) => (values[at] ?? null) !== null)) return at
  }
  return from
}

/** The last moment with a value, or null in an empty chart. */
export function lastMeasured(data: ChartData): number | null {
  const at = nextMeasured(data, data.times.length, -1)
  return at === data.times.length ? null : at
}
