import Conf from 'conf'
import { type DocumentFile, documentFile, documentStoreName, documentStoreOptions } from './document-file'

/** The document file through `conf`, for a host without a desktop. */
export function openConfDocumentFile(file: string): DocumentFile {
  const store = new Conf<Record<string, unknown>>({ ...documentStoreOptions(file), configName: documentStoreName(file) })
  return documentFile(file, (document) => {
    store.store = document
  })
}
