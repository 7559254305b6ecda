import { type Row, spreadOf, type Spread } from './row'

/** Who was measured in one row, with the measurements of each in the order they were taken. */
export type Measured = ReadonlyMap<string, readonly number[]>

export const OURS = 'AstroRelay'

/** Measures everyone in turn (A B C A B C …), so that a machine that slows down slows all of them. */
export async function inTurn<T extends { readonly name: string }>(
  everyone: readonly T[],
  rounds: number,
  measure: (one: T) => Promise<number>,
): Promise<Measured> {
  const measured = new Map<string, number[]>(everyone.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) for (const one of everyone) measured.get(one.name)?.push(await measure(one))
  return measured
}

export interface Comparison {
  readonly figure: string
  readonly unit: string
  /** The least that ours must be, as a multiple of each named program's median. */
  readonly atLeast: Readonly<Record<string, number>>
  readonly note: string
  readonly digits?: number
}

/** A row of ours beside the others: medians and ratios; it holds where every goal that could be measured does. */
export function comparisonRow(measured: Measured, { figure, unit, atLeast, note, digits = 0 }: Comparison): Row {
  const programs: Record<string, Spread> = {}
  for (const [name, values] of measured) programs[name] = rounded(spreadOf(values), digits)
  const ours = programs[OURS]?.median ?? Number.NaN
  const ratios: Record<string, number> = {}
  for (const [name, { median }] of Object.entries(programs)) if (name !== OURS) ratios[name] = Math.round((ours / median) * 100) / 100
  const missing = Object.keys(atLeast).filter((name) => ratios[name] === undefined)
  const goals = Object.entries(atLeast).map(([name, least]) => `≥ ${least} × ${name}`)
  return {
    figure,
    value: ours,
    unit,
    goal: goals.join(', '),
    holds: Object.entries(atLeast).every(([name, least]) => (ratios[name] ?? least) >= least),
    note: missing.length > 0 ? `${note}; not installed here: ${missing.join(', ')}` : note,
    programs,
    ratios,
  }
}

function rounded({ median, min, max }: Spread, digits: number): Spread {
  const round = (value: number): number => Number(value.toFixed(digits))
  return { median: round(median), min: round(min), max: round(max) }
}
