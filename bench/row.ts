/** Middle, least and most of some measurements. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** One line of the table. */
export interface Row {
  readonly figure: string
  /** Null where it cannot be measured; the note says why. */
  readonly value: number | null
  readonly unit: string
  readonly goal: string
  readonly holds: boolean | null
  /** How it was measured: runs, spread. */
  readonly note: string
  /** Every program's figures where several were measured in turn, by name. */
  readonly programs?: Readonly<Record<string, Spread>>
  /** Ours divided by theirs, by name. */
  readonly ratios?: Readonly<Record<string, number>>
}

/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** "5 runs, 120 to 180" for a row's note. */
export function spread(values: readonly number[], digits = 0): string {
  return `${values.length} runs, ${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`
}

export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) }
}
