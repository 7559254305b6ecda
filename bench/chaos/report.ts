import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { thisMachine } from '../machine'
import { type Baseline, leftOver } from './baseline'
import { showResult } from './page'
import type { Run } from './run'
import type { Cost } from './verdict'

/** The figures of this file are those that docs/security.md shows. */
const COMMITTED = 'chaos-result.json'

interface Ended {
  readonly run: Run
  readonly before: Baseline
  readonly after: Baseline
  readonly costs: readonly Cost[]
  readonly started: number
  readonly out: string
}

/** Writes what was found, and says whether all of it held. */
export function report({ run, before, after, costs, started, out }: Ended): boolean {
  const left = leftOver(before, after)
  const failures = [
    ...Object.entries(run.breaches).map(([what, times]) => `${what}: ${times} times`),
    ...Object.entries(run.calmLosses).map(([what, times]) => `without a fault, ${what}: ${times} times`),
    ...costs.flatMap(({ fault, failures }) => failures.map((failure) => `${fault}: ${failure}`)),
    ...left,
  ]
  const result = {
    at: new Date().toISOString(),
    machine: thisMachine(),
    minutes: Math.round((performance.now() - started) / 6_000) / 10,
    holds: failures.length === 0,
    failures,
    faults: costs,
    protection: run.watch.found,
    saves: run.saver.saved,
    visits: run.ledger.visits,
    before,
    after,
  }
  writeFileSync(out, `${JSON.stringify(result, null, 2)}\n`)
  if (path.basename(out) === COMMITTED) showResult(result)
  for (const failure of failures) console.error(failure)
  console.log(failures.length === 0 ? 'everything held' : `${failures.length} things did not hold`)
  return failures.length === 0
}

/** One fault, as it goes by on the screen. */
export function lineOf({ fault, skipped, secondsToServe: { near, far }, lost, notAllowed, failures }: Cost, started: number): string {
  const at = `${((performance.now() - started) / 60_000).toFixed(1)} min`
  if (skipped !== null) return `${at}  ${fault}: not done, ${skipped}`
  return `${at}  ${fault}: served again after ${near.at(-1) ?? '–'} s (far ${far.at(-1) ?? '–'} s); lost ${lost.held} held, ${lost.meanwhile} meanwhile, ${lost.after} after; ${notAllowed} not allowed${failures.map((failure) => `\n    ${failure}`).join('')}`
}
