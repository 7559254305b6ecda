import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import os from 'node:os'

/** The program under test has this core to itself; load and backends share the other. */
export const TESTED_CORE = 0
export const LOAD_CORE = 1

/** Whether programs can be kept apart at all. */
export const canPin = existsSync('/usr/bin/taskset') && os.cpus().length > 1

/** Moves a running process, with all its threads and what it starts later, to a core. */
export function pin(pid: number, core: number): void {
  if (canPin) execFileSync('/usr/bin/taskset', ['-apc', String(core), String(pid)], { stdio: 'ignore' })
}

/** A command that runs on the core under test. */
export function onTestedCore(program: string, args: readonly string[]): [string, string[]] {
  return canPin ? ['/usr/bin/taskset', ['-c', String(TESTED_CORE), program, ...args]] : [program, [...args]]
}
