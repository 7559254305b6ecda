import { behindLinks } from './atomic-file'
import { type DocumentFile, documentFile, documentText } from './document-file'
import { replaceFile } from './draft'

/** The document file of a host without a desktop, written as every other file of the data directory is. */
export function openOwnDocumentFile(file: string): DocumentFile {
  return documentFile(file, (document) => replaceFile(behindLinks(file), documentText(document)))
}
