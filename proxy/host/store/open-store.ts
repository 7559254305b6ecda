import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { ConfigDocument } from '../../contract/config/document'
import { parseConfig } from '../../contract/parse'
import type { Current } from '../current'
import type { RevisionLog } from '../history/revision-log'
import type { Notices } from '../notices'
import { type DocumentFile, documentText } from './document-file'
import { readDocument } from './read-document'
import { setAside } from './set-aside'
import { isLink } from './storage'
import { errorCode, systemWords } from './system-words'

export interface OpenStoreOptions {
  readonly file: DocumentFile
  /** The store of the data directory, which we may mend; false for a file that a person named and keeps. */
  readonly owned: boolean
  readonly history: RevisionLog
  readonly notices: Notices
  readonly wallTime: () => number
  /** What a new store starts with. */
  readonly firstDocument: () => Promise<ConfigDocument>
}

export interface OpenedStore {
  readonly current: Current
  /** The file's text now. */
  readonly text: string
  /** Whether that text was refused and an earlier document serves. */
  readonly refused: boolean
}

/**
 * Reads the document at start-up. A damaged or newer file of our own is set aside and the last good document takes its
 * place; a file that a person named is left as it is. Throws an Error for people where there is nothing to serve.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { file, history, notices } = options
  const text = readText(file.path)
  if (text === null) {
    const last = lastGood(history)
    return last === null ? begin(options, await options.firstDocument(), 'New configuration') : missing(options, last)
  }
  const read = readDocument(text, undefined, true)
  if (read.ok) {
    if (read.migrated) return migrated(options, read.document)
    return {
      text,
      refused: false,
      current: adopt(
        options,
        read.document,
        'file',
        history.newest ? 'Changed in the file while AstroRelay was not running' : 'First configuration',
      ),
    }
  }
  const good = lastGood(history)
  if (!options.owned) {
    if (!good) throw new Error(`${file.path} is not a valid configuration:\n${read.lines.join('\n')}`)
    notices.add(
      'error',
      'The configuration file has an error',
      `${file.path}\n${read.lines.join('\n')}\nThe last good configuration (revision ${good.revision}) is serving. Mend the file and save it; it is taken at once.`,
      '/settings',
    )
    return { text, refused: true, current: good }
  }
  const kept = attempt(() => setAside(file.path, read.why, options.wallTime()))
  const instead = good ? `the last good one (revision ${good.revision}) is serving` : 'a new one was begun'
  notices.add(
    'error',
    read.why === 'newer' ? 'The configuration was made by a newer AstroRelay' : 'The configuration file is damaged',
    `${read.lines.join('\n')}\n${kept === null ? 'It stays where it is' : `It is kept as ${kept}`}; ${instead}.`,
    '/settings',
  )
  // Without a copy nothing is written over it: the next save tries again.
  if (kept === null)
    return { text, refused: true, current: good ?? adopt(options, await options.firstDocument(), 'AstroRelay', 'New configuration') }
  if (!good) return begin(options, await options.firstDocument(), 'New configuration')
  return putBack(options, good)
}

/**
 * The file is gone, or a link to it leads nowhere, as where its disk is not mounted yet; the history says what it held. A
 * gateway that began anew would expose nothing, and block nobody.
 */
function missing(options: OpenStoreOptions, last: Current): OpenedStore {
  const { file, notices, owned } = options
  const link = isLink(file.path)
  const kept = link || !owned
  notices.add(
    'error',
    link ? 'The configuration file leads nowhere' : 'The configuration file is gone',
    `${file.path} ${link ? 'is a link to a file that is not there' : 'is not there any more'}. The last configuration (revision ${last.revision}) is serving; ${
      kept ? 'the file is taken as soon as it is there, or written by the next save' : 'the file was written again'
    }. Earlier ones are in History. To begin anew, remove the history too.`,
    '/settings',
  )
  return kept ? { text: '', refused: false, current: last } : putBack(options, last)
}

/** Writes the last good document into the file; where that cannot be, it serves all the same, and the next save writes it. */
function putBack({ file }: OpenStoreOptions, good: Current): OpenedStore {
  const text = documentText(good.document)
  return { text: attempt(() => file.write(good.document)) === null ? (readText(file.path) ?? '') : text, refused: false, current: good }
}

/** What can be done without is not done on a disk that takes nothing; that is told once, by the host. */
function attempt<Result>(work: () => Result): Result | true | null {
  try {
    return work() ?? true
  } catch (error) {
    if (errorCode(error) === undefined) throw error
    return null
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null
    throw new Error(`${file} cannot be read: ${systemWords(error)}.`, { cause: error })
  }
}

function begin(options: OpenStoreOptions, document: ConfigDocument, summary: string): OpenedStore {
  const text = attempt(() => options.file.write(document)) === null ? (readText(options.file.path) ?? '') : documentText(document)
  return { text, refused: false, current: adopt(options, document, 'AstroRelay', summary) }
}

function migrated(options: OpenStoreOptions, document: ConfigDocument): OpenedStore {
  const summary = 'Brought to the new version of the format'
  if (attempt(() => setAside(options.file.path, 'older', options.wallTime())) !== null) return begin(options, document, summary)
  // It stays as it is where no copy can be kept; it is brought to the new version at every start until one can.
  return { text: readText(options.file.path) ?? '', refused: false, current: adopt(options, document, 'AstroRelay', summary) }
}

/** The newest revision where it holds this very document, else a new one, which on a disk that takes nothing has a number and no file. */
function adopt({ history, wallTime }: OpenStoreOptions, document: ConfigDocument, by: string, summary: string): Current {
  const newest = history.newest && history.read(history.newest.revision)
  if (newest && isDeepStrictEqual(newest.document, document)) return known(newest.revision, newest.at, document)
  const at = wallTime()
  const head = attempt(() => history.add({ at, by, summary, document }))
  return known(head === null || head === true ? history.skip() : head.revision, at, document)
}

function known(revision: string, at: number, document: unknown): Current {
  const current = parsed(revision, at, document)
  if (!current) throw new Error('a document that was just read as valid no longer is')
  return current
}

function parsed(revision: string, at: number, document: unknown): Current | null {
  const result = parseConfig(document)
  return result.ok ? { revision, at, document: result.document, config: result.config } : null
}

function lastGood(history: RevisionLog): Current | null {
  for (const row of history.rows('')) {
    const entry = history.read(row.revision)
    const current = entry && parsed(entry.revision, entry.at, entry.document)
    if (current) return current
  }
  return null
}
