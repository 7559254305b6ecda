import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { escaped } from '../http/escaped'
import { type Fence, within } from './find-file'
import { faultOf } from './hosted-path'

export interface Entry {
  readonly name: string
  readonly folder: boolean
  readonly size: number
  readonly modified: Date
}

/** What a folder holds. */
export interface Listing {
  readonly entries: readonly Entry[]
  /** How many names it has that may be shown, of which the entries are the first ones. */
  readonly total: number
}

const MOST = 10_000
/** So many are looked at together: the few threads that do so have other files to read as well. */
const TOGETHER = 64
const COLUMNS = ['name', 'size', 'modified'] as const
type Column = (typeof COLUMNS)[number]
const TITLES: Readonly<Record<Column, string>> = { name: 'Name', size: 'Size', modified: 'Changed' }

/** What a folder holds that is hosted; links that lead out are left out. At most 10,000 entries. */
export async function readFolder(fence: Fence, folder: string, dotFiles: boolean): Promise<Listing> {
  const names = (await readdir(folder)).filter((name) => faultOf(name, dotFiles, process.platform === 'win32') === null)
  const shown = names.slice(0, MOST)
  const entries: Entry[] = []
  for (let from = 0; from < shown.length; from += TOGETHER) {
    const some = await Promise.all(shown.slice(from, from + TOGETHER).map((name) => entryOf(fence, path.join(folder, name), name)))
    for (const entry of some) if (entry !== null) entries.push(entry)
  }
  return { entries, total: names.length }
}

async function entryOf(fence: Fence, file: string, name: string): Promise<Entry | null> {
  const real = await within(fence, file)
  const info = real === null ? null : await stat(real).catch(() => null)
  if (info === null || (!info.isFile() && !info.isDirectory())) return null
  // Some file systems keep times beyond those that a date can have.
  const modified = Number.isNaN(info.mtime.getTime()) ? new Date(0) : info.mtime
  return { name, folder: info.isDirectory(), size: info.size, modified }
}

/** The page of a folder. `query` chooses the order: `?sort=size&order=down`. */
export function listingPage(title: string, isTop: boolean, { entries, total }: Listing, query: string): string {
  const { column, down } = orderOf(query)
  const head = COLUMNS.map((name) => {
    const next = name === column && !down ? 'down' : 'up'
    const state = name === column ? ` aria-sort="${down ? 'descending' : 'ascending'}"` : ''
    return `<th scope="col"${state}><a href="?sort=${name}&amp;order=${next}">${TITLES[name]}${name === column ? `<span aria-hidden="true"> ${down ? '↓' : '↑'}</span>` : ''}</a></th>`
  })
  const rows = sorted(entries, column, down).map(
    ({ name, folder, size, modified }) =>
      `<tr><td><a href="${href(name)}${folder ? '/' : ''}">${escaped(name)}${folder ? '/' : ''}</a></td><td class="n">${folder ? '' : sizeWords(size)}</td><td class="n"><time datetime="${modified.toISOString()}">${modified.toISOString().slice(0, 16).replace('T', ' ')}</time></td></tr>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0 auto; padding: 2rem 1.5rem; max-width: 60rem; background: light-dark(#fff, #14161a); color: light-dark(#1c2026, #e8eaed) }
h1 { font-size: 1.25rem; overflow-wrap: anywhere }
table { width: 100%; border-collapse: collapse }
th, td { padding: .35rem .75rem .35rem 0; text-align: start; border-bottom: 1px solid light-dark(#dfe3e8, #2b3038); overflow-wrap: anywhere }
.n { white-space: nowrap; font-variant-numeric: tabular-nums; color: light-dark(#5b6470, #a3abb6) }
a { color: light-dark(#2946c0, #9db2ff) }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${isTop ? '' : '<p><a href="../">Up one level</a></p>\n'}${
    entries.length === 0
      ? '<p>This folder is empty.</p>'
      : `<table>
<thead><tr>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>`
  }${total > MOST ? `\n<p>Only ${MOST.toLocaleString('en')} of ${total.toLocaleString('en')} entries are shown.</p>` : ''}
</main>
</body>
</html>
`
}

/** The same for programs. */
export function listingJson({ entries }: Listing): string {
  return `${JSON.stringify(sorted(entries, 'name', false).map(({ name, folder, size, modified }) => ({ name, type: folder ? 'folder' : 'file', ...(folder ? {} : { size }), modified: modified.toISOString() })))}\n`
}

function orderOf(query: string): { column: Column; down: boolean } {
  const given = new URLSearchParams(query)
  return { column: COLUMNS.find((name) => name === given.get('sort')) ?? 'name', down: given.get('order') === 'down' }
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function sorted(entries: readonly Entry[], column: Column, down: boolean): Entry[] {
  const compare = (a: Entry, b: Entry): number =>
    (column === 'size' ? a.size - b.size : column === 'modified' ? a.modified.getTime() - b.modified.getTime() : 0) ||
    byName.compare(a.name, b.name)
  return entries.toSorted((a, b) => Number(b.folder) - Number(a.folder) || (down ? -compare(a, b) : compare(a, b)))
}

/** A name as the target of a link: `a:b` must not be read as a scheme. */
function href(name: string): string {
  return `./${encodeURIComponent(name)}`
}

function sizeWords(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1_024 ** power).toFixed(1)} ${['B', 'KB', 'MB', 'GB', 'TB'][power] ?? ''}`
}
