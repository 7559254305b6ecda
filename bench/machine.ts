import os from 'node:os'
import type { Program } from './programs/program'

/** What the figures were measured on. */
export interface Machine {
  readonly node: string
  readonly system: string
  readonly processor: string
  readonly cores: number
  /** Other programs' share of it when the run began: the load average of a minute. */
  readonly load: number
}

export function thisMachine(): Machine {
  return {
    node: process.version,
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    processor: os.cpus()[0]?.model ?? 'unknown',
    cores: os.cpus().length,
    load: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  }
}

/** Names and versions, for the table. */
export function versionsOf(programs: readonly Program[]): Record<string, string> {
  return Object.fromEntries(programs.map(({ name, version }) => [name, version]))
}
