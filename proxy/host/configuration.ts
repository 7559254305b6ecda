import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Surroundings } from '../contract/check'
import type { ConfigDocument } from '../contract/config/document'
import type { ControlEvents } from '../contract/events'
import { CallError } from '../contract/failure'
import type { Issue } from '../contract/issue'
import { configParsing } from '../contract/parse'
import { inSlices } from '../system/slices'
import type { Current } from './current'
import { describeChange } from './history/describe-change'
import { withSecrets } from './earlier-secrets'
import type { RevisionLog } from './history/revision-log'
import type { Notices } from './notices'
import { maskIssues } from './secrets'
import type { DocumentFile } from './store/document-file'
import { documentTextSteps, LONG_TEXT } from './store/document-text'
import { isSame, withKnownLists } from '../contract/known-lists'
import type { OpenedStore } from './store/open-store'
import { documentReading } from './store/read-document'
import { setAside } from './store/set-aside'
import { systemWords } from './store/system-words'
import { keepPrevious } from './store/keep-previous'
import type { LoadResult } from './supervisor-options'

export interface Save {
  readonly document: unknown
  readonly baseRevision?: string | undefined
  readonly by: string
  readonly summary?: string | undefined
}

/** What came of a save. */
export interface Saved {
  readonly revision: string
  /** Open connections that were ended, since what let them in has changed. */
  readonly ended: number
  /** What was put in its place of what came masked, where nobody knew it. */
  readonly notes: readonly Issue[]
}

export interface ConfigurationOptions {
  readonly file: DocumentFile
  readonly history: RevisionLog
  readonly surroundings: () => Surroundings
  /** Gives the engine a document; null while none runs. */
  readonly load: (revision: string, document: unknown) => Promise<LoadResult | null>
  /** Whether the engine that runs now has taken that revision. */
  readonly serves: (revision: string) => boolean
  readonly changed: (event: ControlEvents['config']) => void
  readonly notices: Notices
  readonly wallTime: () => number
}

/** The one way a document becomes the current one. Saves, restores and edits of the file go through it one at a time. */
export class Configuration {
  #current: Current
  /** The file's content as we last wrote or read it; anything else is somebody's edit. */
  #known: string
  /** Whether that content was refused, so that the next save has to keep it for its owner. */
  #refused: boolean
  #queue: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly options: ConfigurationOptions,
    start: OpenedStore,
  ) {
    this.#current = start.current
    this.#known = start.text
    this.#refused = start.refused
  }

  get current(): Current {
    return this.#current
  }

  /** Saves and applies a document from outside. Fails with AR_INVALID, AR_CONFLICT, AR_ENGINE or AR_STORE, and then nothing has changed. */
  save(save: Save): Promise<Saved> {
    return this.#inTurn(async () => {
      await this.#pickUp()
      return this.#apply(save)
    })
  }

  /** Saves what `edit` makes of the document as it is when its turn has come, so that nobody else's change is lost. */
  edit(edit: (document: ConfigDocument) => ConfigDocument, by: string, summary: string): Promise<Saved> {
    return this.#inTurn(async () => {
      await this.#pickUp()
      return this.#apply({ document: edit(this.#current.document), by, summary })
    })
  }

  /** Makes an earlier revision's document the current one, as a new revision. */
  restore(revision: string, by: string, summary?: string): Promise<Saved> {
    return this.#inTurn(async () => {
      await this.#pickUp()
      const entry = await this.options.history.readInSlices(revision)
      if (!entry) throw new CallError('AR_NOT_FOUND', `There is no revision ${revision.slice(0, 20)} any more; the last 50 are kept.`)
      return this.#apply({ document: entry.document, by, summary: summary ?? `Went back to revision ${revision}` })
    })
  }

  /** A document from outside with its secrets in place, as far as they are known. */
  unmasked(document: unknown): ReturnType<typeof withSecrets> {
    return withSecrets(document, this.#current.document, this.options.history)
  }

  /** Takes what somebody else wrote into the file; a file with an error is told of and left for its owner to mend. */
  pickUp(): Promise<void> {
    return this.#inTurn(() => this.#pickUp())
  }

  /** The same because somebody asked for it, who is told again of an error that is still there. Gives the revision that serves now. */
  reload(): Promise<string> {
    return this.#inTurn(async () => {
      await this.#pickUp(true)
      return this.#current.revision
    })
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #pickUp(again = false): Promise<void> {
    const { file, notices } = this.options
    const text = await readText(file.path)
    // A file that was deleted is written again by the next save.
    if (text === null || (text === this.#known && !again)) return
    this.#known = text
    const read = await inSlices(documentReading(text, this.options.surroundings(), true, this.#current.document))
    this.#refused = !read.ok
    if (!read.ok) {
      notices.add(
        'error',
        'The edited configuration was not taken',
        `${file.path}\n${read.lines.join('\n')}\nThe last good configuration keeps serving.`,
        '/settings',
      )
      return
    }
    if (isSame(read.document, this.#current.document)) return
    try {
      await this.#apply({ document: read.document, by: 'file' }, text)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.#refused = true
      notices.add(
        'error',
        'The edited configuration was not taken',
        `${file.path}\n${[error.message, ...error.issues.map((issue) => `${issue.path}: ${issue.message}`)].join('\n')}`,
        '/settings',
      )
    }
  }

  /** `edited`: the text that already lies in the file, which then is not written again. */
  async #apply(save: Save, edited?: string): Promise<Saved> {
    const { history, changed, wallTime, surroundings } = this.options
    const before = this.#current
    const filled = await this.unmasked(save.document)
    const parsed = await inSlices(configParsing(await inSlices(withKnownLists(filled.document, before.document)), surroundings()))
    const masks = maskIssues(filled.document)
    if (!parsed.ok || masks.length > 0)
      throw new CallError('AR_INVALID', 'The configuration is not valid. Nothing was changed.', {
        issues: [...(parsed.ok ? [] : parsed.issues), ...masks],
      })
    if (save.baseRevision !== undefined && save.baseRevision !== before.revision) {
      throw new CallError('AR_CONFLICT', 'Someone else saved a change since this one was begun.', { revision: before.revision })
    }
    if (isSame(parsed.document, before.document)) return { revision: before.revision, ended: 0, notes: [] }
    const { next } = history
    const loaded = await this.options.load(next, parsed.document)
    if (loaded && !loaded.ok)
      throw new CallError('AR_INVALID', 'The gateway cannot use this configuration. Nothing was changed.', { issues: loaded.issues })
    const at = wallTime()
    const revision = await this.#write(
      { document: parsed.document, at, by: save.by, summary: save.summary ?? describeChange(before.document, parsed.document) },
      edited,
    )
    this.#current = { revision, at, document: parsed.document, config: parsed.config }
    // No engine ran above, or it has died since. One that has come up meanwhile did so with the document before this one.
    if (!this.options.serves(revision)) await this.options.load(revision, parsed.document)
    const ended = loaded?.ok === true ? loaded.ended : 0
    changed({ revision, at, by: save.by, ended })
    return { revision, ended, notes: filled.notes }
  }

  /** History first, then the file: a document in the file is always in the history too. */
  async #write(entry: { document: ConfigDocument; at: number; by: string; summary: string }, edited: string | undefined): Promise<string> {
    const { file, history } = this.options
    let added: string | null = null
    try {
      const text = await inSlices(documentTextSteps(entry.document))
      const isLong = text.length > LONG_TEXT
      added = (isLong ? await history.addLong(entry, text) : history.add(entry)).revision
      if (edited === undefined) {
        await this.#keepWhatIsThere(file.path)
        if (isLong && file.writeLong !== undefined) await file.writeLong(text)
        else file.write(entry.document)
      }
      this.#known = edited ?? text
      this.#refused = false
      return added
    } catch (error) {
      if (added !== null) history.withdraw(added)
      await this.options.load(this.#current.revision, this.#current.document)
      throw new CallError('AR_STORE', `Changes cannot be saved: ${systemWords(error)} (${file.path}). Nothing was changed.`)
    }
  }

  /** Before a write: the last good text is kept as the previous one, a text that was refused under a name of its own. */
  async #keepWhatIsThere(path: string): Promise<void> {
    if (!existsSync(path)) return
    if (this.#refused) setAside(path, 'refused', this.options.wallTime())
    else await keepPrevious(path)
  }
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return null // not there, or not ours to read: the write that follows says which
  }
}
