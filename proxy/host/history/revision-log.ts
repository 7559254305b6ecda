import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { RevisionRow } from '../../contract/calls/history'
import type { ConfigDocument } from '../../contract/config/document'
import { parseJson } from '../../contract/json'
import { inSlices } from '../../system/slices'
import { writeLongFileAtomic } from '../store/atomic-file'
import { LONG_TEXT } from '../store/document-text'
import { replaceFile } from '../store/draft'
import { jsonTextParsing } from '../store/json-text'
import { readBounded } from '../store/storage'
import { errorCode } from '../store/system-words'

/** How many revisions are kept. */
const KEPT = 50
/** Bytes of one: 300,000 blocked networks with a reason each are about 40 MB. */
const MOST = 256 * 1024 ** 2
/** A head fits in so many: a summary has 200 characters at most where a person wrote it, and names three things where we did. */
const HEAD_BYTES = 8_192

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
    for (const name of namesIn(directory, log)) {
      if (!/^\d+\.json$/.test(name)) continue
      this.#last = Math.max(this.#last, Number.parseInt(name, 10))
      const head = readHead(path.join(directory, name))
      if (head) this.#heads.push(head)
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

  /** The same without keeping the process from anything else, however long the document is. */
  async readInSlices(revision: string): Promise<RevisionEntry | null> {
    if (!this.#heads.some((head) => head.revision === revision)) return null
    try {
      const json = await inSlices(jsonTextParsing(await readFile(this.#file(revision), 'utf8')))
      return json.ok ? (entrySchema.safeParse(json.value).data ?? null) : null
    } catch {
      return null // unreadable: the caller says so
    }
  }

  /** One revision with its document; null where it is not kept (any more) or cannot be read. */
  read(revision: string): RevisionEntry | null {
    return this.#heads.some((head) => head.revision === revision) ? readEntry(this.#file(revision)) : null
  }

  /** Adds a revision with the next number. Throws what the system says where it cannot be written. */
  add(entry: { readonly at: number; readonly by: string; readonly summary: string; readonly document: ConfigDocument }): RevisionHead {
    const head = this.#nextHead(entry)
    replaceFile(this.#file(head.revision), JSON.stringify({ ...head, document: entry.document }))
    return this.#keep(head)
  }

  /** The same for a document whose text is long and made already. One at a time. */
  async addLong(entry: Omit<RevisionHead, 'revision'>, documentText: string): Promise<RevisionHead> {
    const head = this.#nextHead(entry)
    await writeLongFileAtomic(this.#file(head.revision), `${JSON.stringify(head).slice(0, -1)},"document":${documentText}}`)
    return this.#keep(head)
  }

  #nextHead({ at, by, summary }: Omit<RevisionHead, 'revision'>): RevisionHead {
    // Made again where somebody has removed it meanwhile.
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 })
    return { revision: this.next, at, by, summary }
  }

  #keep(head: RevisionHead): RevisionHead {
    this.#last++
    this.#heads.push(head)
    for (const old of this.#heads.splice(0, Math.max(0, this.#heads.length - KEPT))) rmSync(this.#file(old.revision), { force: true })
    return head
  }

  /** Gives the next number to a document that cannot be kept: a later one must not have the same. */
  skip(): string {
    return String(++this.#last)
  }

  /** Takes the newest revision back, where what it stands for could not be saved after all. */
  withdraw(revision: string): void {
    if (this.newest?.revision !== revision) return
    this.#heads.pop()
    try {
      rmSync(this.#file(revision), { force: true })
    } catch {
      // The disk that refused the save refuses this, too: at worst the history shows a change that was not made.
    }
  }

  #file(revision: string): string {
    return path.join(this.#directory, `${revision.padStart(6, '0')}.json`)
  }
}

/** Nothing where the folder cannot be made, as on a disk that is read-only; one that is there and cannot be read is an error. */
function namesIn(directory: string, log: (line: string) => void): string[] {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    log(`history: ${String(error)}`)
  }
  try {
    return readdirSync(directory)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
}

/** A head without its document: of a long file its first characters and its last are read, since fifty of them make a start wait. */
function readHead(file: string): RevisionHead | null {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= LONG_TEXT) return headSchema.safeParse(readEntry(file)).data ?? null
  const handle = openSync(file, 'r')
  try {
    const { size } = fstatSync(handle)
    const last = Buffer.alloc(1)
    readSync(handle, last, 0, 1, size - 1)
    const bytes = Buffer.alloc(HEAD_BYTES)
    const text = bytes.toString('utf8', 0, readSync(handle, bytes, 0, HEAD_BYTES, 0))
    const end = text.indexOf(',"document":')
    return last.toString() === '}' && end !== -1 ? (headSchema.safeParse(parseJson(`${text.slice(0, end)}}`)).data ?? null) : null
  } catch {
    return null // cut off or unreadable: the caller says so
  } finally {
    closeSync(handle)
  }
}

function readEntry(file: string): RevisionEntry | null {
  try {
    return entrySchema.safeParse(parseJson(readBounded(file, MOST) ?? '')).data ?? null
  } catch {
    return null // unreadable or cut off: the caller says so
  }
}
