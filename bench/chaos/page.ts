import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Machine } from '../machine'
import type { Watched } from './watch'
import type { Cost } from './verdict'

const FILE = path.resolve(import.meta.dirname, '../../docs/security.md')
/** What stands before and after the figures. */
const BEFORE = 'What it found last:\n'
const AFTER = '\n## How to report'

/** The part of a result that the page shows. */
export interface Shown {
  readonly at: string
  readonly machine: Machine
  readonly minutes: number
  readonly failures: readonly string[]
  readonly faults: readonly Cost[]
  readonly protection: Readonly<Record<string, Watched>>
  readonly saves: number
  readonly visits: Readonly<Record<string, number>>
}

/** Puts the figures of a run into docs/security.md. */
export function showResult(shown: Shown): void {
  const page = readFileSync(FILE, 'utf8')
  const [from, to] = [page.indexOf(BEFORE), page.indexOf(AFTER)]
  if (from === -1 || to === -1) throw new Error(`${FILE} has no place for the figures, between “${BEFORE.trim()}” and “${AFTER.trim()}”`)
  writeFileSync(FILE, `${page.slice(0, from)}${BEFORE}\n${text(shown)}${page.slice(to)}`)
}

function text({ at, machine, minutes, failures, faults, protection, saves, visits }: Shown): string {
  const asked = Object.values(protection).reduce((sum, watched) => sum + watched.asked, 0)
  const letIn = Object.values(protection).reduce((sum, watched) => sum + watched.letIn, 0)
  const visited = Object.values(visits).reduce((sum, count) => sum + count, 0)
  return `${at.slice(0, 10)}, ${minutes} minutes, ${machine.cores} cores of ${machine.processor} that others used too (load average ${machine.load}), Node ${machine.node.slice(1)}: ${number(visited)}
visits, ${number(saves)} saves, ${number(asked)} tries to get in, of which ${number(letIn)} did. ${failures.length === 0 ? 'Everything held.' : `Not all of it held: ${number(failures.length)} lines in \`bench/chaos-result.json\` say what.`}

| fault | times | seconds until it served again | lost: held, meanwhile, afterwards | not allowed |
| --- | --- | --- | --- | --- |
${faults.map(line).join('\n')}

*Meanwhile* counts every attempt of clients that try again ten times a second. Engine and backends of a fault may lose what they held, and what is asked until
they serve again; the host, a restart, disk and clock nothing.
`
}

function number(value: number): string {
  return value.toLocaleString('en')
}

function line({ fault, times, skipped, secondsToServe: { near, far }, lost, notAllowed, failures }: Cost): string {
  if (skipped !== null) return `| ${fault} | – | ${skipped} | – | – |`
  const longest = Math.max(0, ...near, ...far)
  return `| ${fault} | ${times} | ${longest} | ${lost.held}, ${lost.meanwhile}, ${lost.after} | ${notAllowed > 0 ? notAllowed : failures.length > 0 ? failures.at(-1) : 0} |`
}
