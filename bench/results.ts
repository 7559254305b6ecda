import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Machine } from './machine'
import type { Row } from './row'

const FILE = path.join(import.meta.dirname, 'results.json')

/** A row with when and where it was measured: a quick run renews only some. */
export interface DatedRow extends Row {
  readonly at: string
}

export interface Results {
  readonly at: string
  readonly machine: Machine
  readonly versions: Readonly<Record<string, string>>
  readonly rows: readonly DatedRow[]
}

/** Writes bench/results.json anew: these rows, and those of earlier runs that were not measured this time. */
export function saveResults(rows: readonly Row[], machine: Machine, versions: Readonly<Record<string, string>> = {}): Results {
  const before = readResults()
  const at = new Date().toISOString()
  const dated = rows.map((row) => ({ ...row, at }))
  const kept = (before?.rows ?? []).filter(({ figure }) => !rows.some((row) => row.figure === figure))
  const results: Results = { at, machine, versions: { ...before?.versions, ...versions }, rows: [...dated, ...kept] }
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`)
  return results
}

function readResults(): Results | null {
  if (!existsSync(FILE)) return null
  const results = JSON.parse(readFileSync(FILE, 'utf8')) as Results & { rows: readonly Partial<DatedRow>[] }
  return { ...results, rows: results.rows.map((row) => ({ ...row, at: row.at ?? results.at })) as DatedRow[] }
}
