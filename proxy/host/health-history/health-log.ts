import { appendFileSync } from 'node:fs'
import { z } from 'zod'
import { pastStateSchema } from '../../contract/health-history'
import { parseJson } from '../../contract/json'
import { writeFileAtomic } from '../store/atomic-file'
import { readBounded } from '../store/storage'

const DAY_MS = 86_400_000
const KEPT_MS = 30 * DAY_MS
/** About 6 MB in the file. A backend that comes and goes every second would write as much in half a day. */
const MOST = 50_000
/** Bytes that are read: several times what `MOST` entries take, and no more than fits into memory. */
const MOST_BYTES = 64 * 1024 ** 2
/** Of one service, or one backend: what flaps must not drive out what others have lived through. */
const MOST_OF_ONE = 2_000

/**
 * From `at` on a service, or one of its backends, is in a state; `backend` null: the service itself. No state: it is gone, or,
 * without a service, the gateway stopped; nothing is known from there on.
 */
const entrySchema = z.object({
  at: z.number(),
  service: z.string().nullable(),
  backend: z.string().nullable(),
  state: pastStateSchema.nullable(),
  reason: z.string().nullable(),
})
export type HealthEntry = z.output<typeof entrySchema>

/** Changes of health of the last 30 days, one a line, in a file of its own; so many at most, in memory and on disk, while it runs too. */
export class HealthLog {
  readonly #file: string
  readonly #log: (line: string) => void
  #entries: HealthEntry[]
  #prunedAt: number
  /** At so many entries old ones go. */
  #limit = MOST

  constructor(file: string, now: number, log: (line: string) => void) {
    this.#file = file
    this.#log = log
    this.#entries = this.#read().filter(({ at }) => now - at < KEPT_MS)
    this.#prunedAt = now
    this.#prune(now)
    // However it ended last time, from its last word on nothing is known.
    const last = this.#entries.at(-1)
    if (last !== undefined && last.service !== null) this.add({ at: last.at + 1, service: null, backend: null, state: null, reason: null })
  }

  get entries(): readonly HealthEntry[] {
    return this.#entries
  }

  add(entry: HealthEntry): void {
    this.#entries.push(entry)
    if (this.#entries.length > this.#limit || entry.at - this.#prunedAt > DAY_MS) this.#prune(entry.at)
    else this.#try(() => appendFileSync(this.#file, lineOf(entry), { mode: 0o600 }))
  }

  /** Lets go of what is too old, and of the oldest where there is too much; half of it at once, since the file is written anew. */
  #prune(now: number): void {
    this.#prunedAt = now
    let kept = keepFrom(this.#entries, now - KEPT_MS)
    const [first] = kept.slice(-MOST / 2)
    if (kept.length > MOST && first !== undefined) kept = keepFrom(kept, first.at)
    this.#entries = kept
    // Where so many things are watched that the present alone is more, the present is what is kept.
    this.#limit = Math.max(MOST, 2 * kept.length)
    this.#try(() => writeFileAtomic(this.#file, kept.map(lineOf).join('')))
  }

  /** One that cannot be read, or is none of ours, is no reason not to start. */
  #read(): HealthEntry[] {
    try {
      return entriesOf(readBounded(this.#file, MOST_BYTES) ?? '')
    } catch (error) {
      this.#log(`health history: it is begun anew: ${String(error)}`)
      return []
    }
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

/** What happened since `from`, and of what happened before that what still holds: a service may have been well for a year. */
function keepFrom(entries: readonly HealthEntry[], from: number): HealthEntry[] {
  const newer = new Map<string, number>()
  let unknown = false
  return entries
    .toReversed()
    .filter(({ at, service, backend, state }) => {
      if (service === null) {
        unknown = true
        return at >= from
      }
      const key = `${service} ${backend ?? ''}`
      const after = newer.get(key) ?? 0
      newer.set(key, after + 1)
      return at >= from ? after < MOST_OF_ONE : after === 0 && !unknown && state !== null
    })
    .toReversed()
}

function entriesOf(text: string): HealthEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [entrySchema.parse(parseJson(line))]
    } catch {
      return [] // the empty last line, or one that a loss of power cut off
    }
  })
}

function lineOf(entry: HealthEntry): string {
  return `${JSON.stringify(entry)}\n`
}
