import { maxLengthOf } from '../../../proxy/contract/config/facts'
import type { ShellApi } from '../../../proxy/contract/shell-api'
import type { Route } from '../../state/route'

/** What was dropped on the window. */
export type Dropped =
  | { readonly kind: 'folder'; readonly name: string; readonly path: string }
  /** A folder whose place is not told: a browser keeps it to itself. */
  | { readonly kind: 'folder-somewhere'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string }
  | { readonly kind: 'several' }

interface DroppedItem {
  readonly kind: string
  webkitGetAsEntry(): { readonly isDirectory: boolean; readonly name: string } | null
  getAsFile(): { readonly name: string } | null
}

/** Reads a drop while its event lasts; null where it holds no file. */
export function readDrop(items: Iterable<DroppedItem>, shell: Pick<ShellApi, 'pathOf'> | null): Dropped | null {
  const [first, ...more] = [...items].filter(({ kind }) => kind === 'file')
  if (!first) return null
  if (more.length > 0) return { kind: 'several' }
  const entry = first.webkitGetAsEntry()
  const file = first.getAsFile()
  const name = entry?.name ?? file?.name ?? ''
  if (entry?.isDirectory !== true) return { kind: 'file', name }
  const path = file === null ? '' : (shell?.pathOf?.(file) ?? '')
  return path === '' ? { kind: 'folder-somewhere', name } : { kind: 'folder', name, path }
}

/** Where a drop leads, or what is said in its place. */
export type DropAnswer = { readonly go: Route } | { readonly text: string; readonly detail: string; readonly form?: Route }

export function answerDrop(dropped: Dropped): DropAnswer {
  switch (dropped.kind) {
    case 'folder':
      return {
        go: { screen: 'expose', url: '', name: dropped.name.slice(0, maxLengthOf('services.name')), kind: 'files', folder: dropped.path },
      }
    case 'folder-somewhere':
      return {
        text: `A browser does not tell where “${dropped.name}” lies.`,
        detail: 'Write its full path in the form, or drop it on the desktop window.',
        form: { screen: 'expose', url: '', name: dropped.name.slice(0, maxLengthOf('services.name')), kind: 'files' },
      }
    case 'file':
      return { text: `“${dropped.name}” is a file. Folders are hosted.`, detail: 'Drop the folder that it lies in.' }
    case 'several':
      return { text: 'One folder at a time.', detail: 'Each becomes a service of its own.' }
    default:
      return dropped satisfies never
  }
}
