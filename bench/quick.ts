import { thisMachine } from './machine'
import { writePage } from './page'
import { saveResults } from './results'
import type { Row } from './row'
import { bundleSize } from './rows/bundle-size'
import { engineStart } from './rows/engine-start'
import { firstPaint } from './rows/first-paint'
import { reload } from './rows/reload'
import { textTable } from './table'

/** The rows that need no other program. */
export async function quickRows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const measure of [engineStart, reload, bundleSize, firstPaint]) rows.push(...(await measure()))
  return rows
}

/** Measures the quick rows, prints them and renews them in bench/results.json and docs/performance.md. */
export async function quick(): Promise<void> {
  const machine = thisMachine()
  const rows = await quickRows()
  writePage(saveResults(rows, machine))
  console.log(textTable(rows))
}
