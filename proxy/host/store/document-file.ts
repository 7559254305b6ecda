import path from 'node:path'
import type { ConfigDocument } from '../../contract/config/document'
import { orInPlace, writeInPlace, writeLongFileAtomic } from './atomic-file'

/** The file that holds the configuration document. Reading it is the store's own work; see `readDocument`. */
export interface DocumentFile {
  readonly path: string
  /** Replaces the whole content, in one step wherever the file can be replaced: a reader, or a crash, sees the old or the new. Throws what the system says. */
  write(document: ConfigDocument): void
  /** The same for a document whose text is long and made already, without keeping anything waiting. */
  writeLong?(text: string): Promise<void>
}

/** A document file that is written by `replace`, as electron-store does; in place where the file cannot be replaced, as one that Docker binds. */
export function documentFile(file: string, replace: (document: ConfigDocument) => void): DocumentFile {
  // A mount stays one. Each try to rename over it would be repeated by electron-store’s `conf` for a second, during which nothing else is done.
  let bound = false
  return {
    path: file,
    writeLong: (text) => writeLongFileAtomic(file, text),
    write: (document) => {
      const text = documentText(document)
      if (bound) writeInPlace(file, text)
      else bound = orInPlace(file, text, () => replace(document)) === 'in place' && process.platform !== 'win32'
    },
  }
}

/** Opens the document file at an absolute path; the desktop does it with electron-store, a server by itself. */
export type OpenDocumentFile = (file: string) => DocumentFile

/** The text of a document as it is stored. */
export function documentText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`
}

/**
 * The options of electron-store. Its own migrations and defaults are not used: the format has a
 * version of its own and refuses unknown keys, such as its `__internal__`. `deserialize` gives nothing, so that a
 * damaged file is neither an error of the constructor nor merged into what is written.
 */
export function documentStoreOptions(file: string) {
  return {
    cwd: path.dirname(file),
    fileExtension: path.extname(file).slice(1),
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: false,
    serialize: documentText,
    deserialize: (): Record<string, unknown> => ({}),
  }
}

/** The file's name as electron-store wants it: without the extension. */
export function documentStoreName(file: string): string {
  return path.basename(file, path.extname(file))
}
