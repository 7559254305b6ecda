import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { RevisionRow } from '../../contract/calls/history'
import type { ConfigDocument } from '../../contract/config/document'
import { writeFileAtomic } from '../store/atomic-file'

/** How many revisions are kept. */
const KEPT = 50

const headSchema = z.object({ revision: z.string().regex(/^[1-9]\d{0,14}$/), at: z.number(), by: z.string(), summary: z.string() })
const entrySchema = headSchema.extend({ document: z.unknown() })

export type RevisionHead = z.output<typeof headSchema>
export type RevisionEntry = z.output<typeof entrySchema>

/** The saved documents, one file each: numbered, the last fifty, for as long as the data directory lives. */
export class RevisionLog {
  readonly #directory: string
  /** Oldest first. Documents stay on disk. */
  #heads: RevisionHead[] = []
  /** The highest number ever seen, of damaged and withdrawn ones too: a number that came back would let an old If-Match pass. */
  #last = 0

  constructor(directory: string, log: (line: string) => void) {
    this.#directory = directory
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(directory)) {
      if (!/^\d+\.json$/.test(name)) continue
      this.#last = Math.max(this.#last, Number.parseInt(name, 10))
      const entry = readEntry(path.join(directory, name))
      if (entry) this.#heads.push({ revision: entry.revision, at: entry.at, by: entry.by, summary: entry.summary })
      else log(`history: ${name} is damaged and left out`)
    }
    this.#heads.sort((a, b) => Number(a.revision) - Number(b.revision))
  }

  get newest(): RevisionHead | null {
    return this.#heads.at(-1) ?? null
  }

  /** The number that the next revision gets. */
  get next(): string {
    return String(this.#last + 1)
  }

  /** Newest first. */
  rows(current: string): RevisionRow[] {
    return this.#heads.toReversed().map((head) => ({ ...head, current: head.revision === current }))
  }

  /** One revision with its document; null where it is not kept (any more) or cannot be read. */
  read(revision: string): RevisionEntry | null {
    return this.#heads.some((head) => head.revision === revision) ? readEntry(this.#file(revision)) : null
  }

  /** Adds a revision with the next number. Throws what the system says where it cannot be written. */
  add(entry: { readonly at: number; readonly by: string; readonly summary: string; readonly document: ConfigDocument }): RevisionHead {
    const head = { revision: this.next, at: entry.at, by: entry.by, summary: entry.summary }
    writeFileAtomic(this.#file(head.revision), JSON.stringify({ ...head, document: entry.document }))
    this.#last++
    this.#heads.push(head)
    for (const old of this.#heads.splice(0, Math.max(0, this.#heads.length - KEPT))) rmSync(this.#file(old.revision), { force: true })
    return head
  }

  /** Takes the newest revision back, where what it stands for could not be saved after all. */
  withdraw(revision: string): void {
    if (this.newest?.revision !== revision) return
    this.#heads.pop()
    rmSync(this.#file(revision), { force: true })
  }

  #file(revision: string): string {
    return path.join(this.#directory, `${revision.padStart(6, '0')}.json`)
  }
}

function readEntry(file: string): RevisionEntry | null {
  try {
    return entrySchema.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null
  } catch {
    return null // unreadable or cut off: the caller says so
  }
}
