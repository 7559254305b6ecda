/** One line of the table. */
export interface Row {
  readonly figure: string
  readonly value: number
  readonly unit: string
  readonly goal: string
  readonly holds: boolean
  /** How it was measured: runs, spread. */
  readonly note: string
}

/** The middle of some measurements. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** "5 runs, 120–180" for a row's note. */
export function spread(values: readonly number[], digits = 0): string {
  return `${values.length} runs, ${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`
}
