import ElectronStore from 'electron-store'
import { type DocumentFile, documentFile, documentStoreName, documentStoreOptions } from '../../proxy/host/store/document-file'

/** The document file through electron-store, for the desktop: the same file that `conf`, its base, writes on a server. */
export function openElectronDocumentFile(file: string): DocumentFile {
  // Made when it is needed: it makes the file's folder, which a disk that is read-only refuses.
  let store: ElectronStore | undefined
  return documentFile(file, (document) => {
    store ??= new ElectronStore({ ...documentStoreOptions(file), name: documentStoreName(file) })
    store.store = document
  })
}

/** A small file of the desktop's own, for what it remembers between starts. A damaged one starts empty. */
export interface SmallStore {
  read(): unknown
  write(content: Readonly<Record<string, unknown>>): void
}

export function openSmallStore(directory: string, name: string): SmallStore {
  const store = new ElectronStore<Record<string, unknown>>({
    cwd: directory,
    name,
    clearInvalidConfig: true,
    accessPropertiesByDotNotation: false,
  })
  return {
    read: () => store.store,
    write(content) {
      store.store = { ...content }
    },
  }
}
