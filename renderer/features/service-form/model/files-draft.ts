import { maxLengthOf } from '../../../../proxy/contract/config/facts'
import { HOSTED_OMITTED } from '../../../../proxy/contract/config/hosted'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'

/** A hosted folder, as it is filled in. */
export interface FilesDraft {
  readonly root: string
  readonly listing: boolean
  /** Apart by commas; empty: index.html. */
  readonly index: string
  /** Empty: pages that are not there stay 404. */
  readonly fallback: string
  readonly dotFiles: boolean
  /** Whether packed files beside others are sent in their place. */
  readonly precompressed: boolean
}

export function filesDraftOf({ root, listing, index, fallback, dotFiles, precompressed }: Partial<ServiceDocument>): FilesDraft {
  return {
    root: root ?? '',
    listing: listing ?? HOSTED_OMITTED.listing,
    index: (index ?? []).join(', '),
    fallback: fallback ?? '',
    dotFiles: dotFiles ?? HOSTED_OMITTED.dotFiles,
    precompressed: precompressed ?? HOSTED_OMITTED.precompressed,
  }
}

/** What of the document a draft stands for; what says the same is left as it was written. */
export function writeFiles(
  draft: FilesDraft,
  present: ServiceDocument | undefined,
): Pick<ServiceDocument, 'root' | 'listing' | 'index' | 'fallback' | 'dotFiles' | 'precompressed'> {
  const before = filesDraftOf(present ?? {})
  const names = draft.index
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  return {
    root: draft.root === '' ? undefined : draft.root,
    listing: draft.listing === before.listing ? present?.listing : draft.listing,
    index: draft.index === before.index ? present?.index : names.length === 0 ? undefined : names,
    fallback: draft.fallback.trim() === '' ? undefined : draft.fallback.trim(),
    dotFiles: draft.dotFiles === before.dotFiles ? present?.dotFiles : draft.dotFiles,
    precompressed: draft.precompressed === before.precompressed ? present?.precompressed : draft.precompressed,
  }
}

/** Without blanks around it, and without the quotes that Windows copies a path with. */
export function completeFolder(text: string): string {
  return text
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim()
}

/** The folder’s own name, for the service’s: `/srv/Manuals/` is `Manuals`. */
export function folderName(path: string): string {
  return (
    completeFolder(path)
      .split(/[\\/]/)
      .findLast((part) => part !== '')
      ?.slice(0, maxLengthOf('services.name')) ?? ''
  )
}
