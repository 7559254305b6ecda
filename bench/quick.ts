import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Row } from './row'
import { bundleSize } from './rows/bundle-size'
import { engineStart } from './rows/engine-start'
import { firstPaint } from './rows/first-paint'
import { reload } from './rows/reload'

/** Measures every row, prints the table and writes bench/results.json. */
export async function quick(): Promise<void> {
  const rows: Row[] = []
  for (const measure of [engineStart, reload, bundleSize, firstPaint]) rows.push(...(await measure()))
  const machine = { node: process.version, system: `${os.type()} ${os.release()} ${os.arch()}`, processor: os.cpus()[0]?.model ?? 'unknown', cores: os.cpus().length }
  writeFileSync(path.join(import.meta.dirname, 'results.json'), `${JSON.stringify({ at: new Date().toISOString(), machine, rows }, null, 2)}\n`)
  console.log(table(rows))
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ figure, value, unit, goal, holds, note }) => [figure, `${value} ${unit}`, goal, holds ? 'yes' : 'NO', note])
  const all = [['figure', 'measured', 'goal', 'holds', 'how'], ...lines]
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? []
  return all.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()).join('\n')
}
