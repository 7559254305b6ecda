import Conf from 'conf'
import { type DocumentFile, documentFile, documentStoreName, documentStoreOptions } from './document-file'

/** The document file through `conf`, for a host without a desktop. */
export function openConfDocumentFile(file: string): DocumentFile {
  // Made when it is needed: it makes the file's folder, which a disk that is read-only refuses.
  let store: Conf | undefined
  return documentFile(file, (document) => {
    store ??= new Conf({ ...documentStoreOptions(file), configName: documentStoreName(file) })
    store.store = document
  })
}
