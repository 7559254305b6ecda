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
  if (text === null) return begin(options, await options.firstDocument(), 'New configuration')
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
  const kept = setAside(file.path, read.why, options.wallTime())
  const instead = good ? `the last good one (revision ${good.revision}) is serving` : 'a new one was begun'
  notices.add(
    'error',
    read.why === 'newer' ? 'The configuration was made by a newer AstroRelay' : 'The configuration file is damaged',
    `${read.lines.join('\n')}\nIt is kept as ${kept}; ${instead}.`,
    '/settings',
  )
  if (!good) return begin(options, await options.firstDocument(), 'New configuration')
  write(file, good.document)
  return { text: documentText(good.document), refused: false, current: good }
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
  write(options.file, document)
  return { text: documentText(document), refused: false, current: adopt(options, document, 'AstroRelay', summary) }
}

function migrated(options: OpenStoreOptions, document: ConfigDocument): OpenedStore {
  setAside(options.file.path, 'older', options.wallTime())
  return begin(options, document, 'Brought to the new version of the format')
}

function write(file: DocumentFile, document: ConfigDocument): void {
  try {
    file.write(document)
  } catch (error) {
    throw new Error(`${file.path} cannot be written: ${systemWords(error)}.`, { cause: error })
  }
}

/** The newest revision where it holds this very document, else a new one. */
function adopt({ history, wallTime }: OpenStoreOptions, document: ConfigDocument, by: string, summary: string): Current {
  const newest = history.newest && history.read(history.newest.revision)
  if (newest && isDeepStrictEqual(newest.document, document)) return known(newest.revision, newest.at, document)
  const head = history.add({ at: wallTime(), by, summary, document })
  return known(head.revision, head.at, document)
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
