import Conf from 'conf'
import { type DocumentFile, documentStoreName, documentStoreOptions } from './document-file'

/** The document file through `conf`, for a host without a desktop. */
export function openConfDocumentFile(file: string): DocumentFile {
  const store = new Conf<Record<string, unknown>>({ ...documentStoreOptions(file), configName: documentStoreName(file) })
  return {
    path: file,
    write: (document) => {
      store.store = document
    },
  }
}
