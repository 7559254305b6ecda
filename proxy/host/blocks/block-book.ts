import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { HandedBlock } from '../../contract/blocks'
import { dateOf, elapsed, wallTime } from '../../contract/clock'
import type { EngineEvents } from '../../contract/events'
import { writeFileAtomic } from '../store/atomic-file'
import { errorCode, systemWords } from '../store/system-words'

/** As many as an engine keeps. More are blocked only by a flood of made-up clients; then those blocked longest ago are let go of. */
const MOST = 50_000
/** A flood of blocks is written once in so long, not each. */
const WRITE_EVERY_MS = 1_000

const entrySchema = z.object({
  address: z.string().max(64),
  reason: z.string().max(500),
  since: z.number(),
  until: z.number(),
  /** For how many ms more when it was written: a clock that was put back makes it no longer. */
  rest: z.number().positive(),
})
const bookSchema = z.object({ version: z.literal(1), blocks: z.array(entrySchema).max(MOST) })

interface Entry {
  readonly reason: string
  /** Epoch ms. */
  readonly since: number
  /** When it ends, in ms of a clock that never jumps. */
  readonly endsAt: number
}

export interface BlockBookOptions {
  readonly file: string
  readonly log: (line: string) => void
  /** Something is wrong with the file that a person should know. */
  readonly warn: (title: string, text: string) => void
}

/**
 * Clients that the engine has blocked by itself, across its crashes and the host's restarts: no process that ends lets them in
 * again before their time. The engine decides; this remembers, and gives it to the next one.
 */
export class BlockBook {
  readonly #options: BlockBookOptions
  readonly #entries = new Map<string, Entry>()
  #timer: NodeJS.Timeout | undefined
  #writtenAt = Number.NEGATIVE_INFINITY
  #failing = false

  constructor(options: BlockBookOptions) {
    this.#options = options
    this.#read()
  }

  /** An engine has blocked a client, or somebody has let it in again. */
  heard({ kind, address, reason, at, until }: EngineEvents['access']): void {
    if (kind === 'unblocked') this.#entries.delete(address)
    else this.#note({ address, reason, since: at, rest: until - at })
    this.#changed()
  }

  /** Whom an engine that runs has blocked besides: it may have been at it while nobody listened. */
  learn(blocks: readonly HandedBlock[]): void {
    for (const block of blocks) this.#note(block)
    this.#changed()
  }

  /** What the next engine has to go on with. */
  handed(): HandedBlock[] {
    const now = elapsed()
    return [...this.#entries].flatMap(([address, { reason, since, endsAt }]) =>
      endsAt > now ? [{ address, reason, since, rest: endsAt - now }] : [],
    )
  }

  /** Writes what has not been written yet. */
  stop(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#write()
  }

  #note({ address, reason, since, rest }: HandedBlock): void {
    this.#entries.delete(address)
    if (rest <= 0) return
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < MOST) break
      this.#entries.delete(oldest)
    }
    this.#entries.set(address, { reason, since, endsAt: elapsed() + rest })
  }

  #read(): void {
    const { file, warn } = this.#options
    try {
      const { blocks } = bookSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
      const now = wallTime()
      for (const { until, rest, ...block } of blocks) this.#note({ ...block, rest: Math.min(until - now, rest) })
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return
      const why = errorCode(error) === undefined ? 'its content is damaged' : systemWords(error)
      warn(
        'Who was blocked by itself is not known any more',
        `${file} cannot be read: ${why}. Clients that were blocked for a while before this start are let in until they are refused again and again. Block lists are untouched.`,
      )
    }
  }

  #changed(): void {
    if (this.#timer !== undefined) return
    const wait = this.#writtenAt + WRITE_EVERY_MS - elapsed()
    if (wait <= 0) return this.#write()
    this.#timer = setTimeout(() => this.#write(), wait)
  }

  #write(): void {
    this.#timer = undefined
    this.#writtenAt = elapsed()
    const now = elapsed()
    for (const [address, { endsAt }] of this.#entries) if (endsAt <= now) this.#entries.delete(address)
    const blocks = [...this.#entries].map(([address, { reason, since, endsAt }]) => ({
      address,
      reason,
      since,
      until: dateOf(endsAt),
      rest: Math.ceil(endsAt - now),
    }))
    try {
      writeFileAtomic(this.#options.file, `${JSON.stringify({ version: 1, blocks })}\n`)
      this.#failing = false
    } catch (error) {
      // It is known here all the same, and the next change tries again.
      if (!this.#failing) this.#options.log(`blocks: ${this.#options.file} could not be written: ${systemWords(error)}`)
      this.#failing = true
    }
  }
}
