import { appendFileSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { pastStateSchema } from '../../contract/health-history'
import { writeFileAtomic } from '../store/atomic-file'

const KEPT_MS = 30 * 86_400_000

/** From `at` on a service, or one of its backends, is in a state; `backend` null: the service itself. No service: the gateway stopped, and nothing is known. */
const entrySchema = z.object({
  at: z.number(),
  service: z.string().nullable(),
  backend: z.string().nullable(),
  state: pastStateSchema.nullable(),
  reason: z.string().nullable(),
})
export type HealthEntry = z.output<typeof entrySchema>

/** Changes of health of the last 30 days, one a line, in a file of its own. */
export class HealthLog {
  readonly #file: string
  readonly #log: (line: string) => void
  #entries: HealthEntry[]

  constructor(file: string, now: number, log: (line: string) => void) {
    this.#file = file
    this.#log = log
    this.#entries = readEntries(file).filter(({ at }) => now - at < KEPT_MS)
    this.#try(() => writeFileAtomic(file, this.#entries.map(lineOf).join('')))
    // However it ended last time, from its last word on nothing is known.
    const last = this.#entries.at(-1)
    if (last !== undefined && last.service !== null) this.add({ at: last.at + 1, service: null, backend: null, state: null, reason: null })
  }

  get entries(): readonly HealthEntry[] {
    return this.#entries
  }

  add(entry: HealthEntry): void {
    this.#entries.push(entry)
    this.#try(() => appendFileSync(this.#file, lineOf(entry), { mode: 0o600 }))
  }

  /** A history that cannot be written is no reason to stop: what is known of this run is still shown. */
  #try(write: () => void): void {
    try {
      write()
    } catch (error) {
      this.#log(`health history: ${String(error)}`)
    }
  }
}

function readEntries(file: string): HealthEntry[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return [] // the first run
  }
  return text.split('\n').flatMap((line) => {
    try {
      return [entrySchema.parse(JSON.parse(line))]
    } catch {
      return [] // the empty last line, or one that a loss of power cut off
    }
  })
}

function lineOf(entry: HealthEntry): string {
  return `${JSON.stringify(entry)}\n`
}
