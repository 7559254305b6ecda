import { escaped } from '../http/escaped'
import { type Entry, type Listing, MOST } from './listing'
import { Breath } from './breath'
import { sortInSlices } from './sort-in-slices'

const COLUMNS = ['name', 'size', 'modified'] as const
type Column = (typeof COLUMNS)[number]
const TITLES: Readonly<Record<Column, string>> = { name: 'Name', size: 'Size', modified: 'Changed' }

/** By what a list is sorted. */
export interface Order {
  readonly column: Column
  readonly down: boolean
}

/** The page of a folder, made in slices: one of 10,000 entries would keep everybody else waiting. */
export async function listingPage(title: string, isTop: boolean, { entries, total }: Listing, { column, down }: Order): Promise<string> {
  const breath = new Breath()
  const head = COLUMNS.map((name) => {
    const next = name === column && !down ? 'down' : 'up'
    const state = name === column ? ` aria-sort="${down ? 'descending' : 'ascending'}"` : ''
    return `<th scope="col"${state}><a href="?sort=${name}&amp;order=${next}">${TITLES[name]}${name === column ? `<span aria-hidden="true"> ${down ? '↓' : '↑'}</span>` : ''}</a></th>`
  })
  const rows: string[] = []
  for (const entry of await sorted(entries, column, down)) {
    rows.push(row(entry))
    if (breath.isDue) await breath.take()
  }
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

function row({ name, folder, size, modified }: Entry): string {
  const time = modified.toISOString()
  const slash = folder ? '/' : ''
  return `<tr><td><a href="${href(name)}${slash}">${escaped(name)}${slash}</a></td><td class="n">${folder ? '' : sizeWords(size)}</td><td class="n"><time datetime="${time}">${time.slice(0, 16).replace('T', ' ')}</time></td></tr>`
}

/** The same for programs. */
export async function listingJson({ entries }: Listing): Promise<string> {
  const breath = new Breath()
  const items: string[] = []
  for (const { name, folder, size, modified } of await sorted(entries, 'name', false)) {
    items.push(JSON.stringify({ name, type: folder ? 'folder' : 'file', ...(folder ? {} : { size }), modified: modified.toISOString() }))
    if (breath.isDue) await breath.take()
  }
  return `[${items.join(',')}]\n`
}

/** The order that a query chooses: `?sort=size&order=down`. */
export function orderOf(query: string): Order {
  const given = new URLSearchParams(query)
  return { column: COLUMNS.find((name) => name === given.get('sort')) ?? 'name', down: given.get('order') === 'down' }
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function sorted(entries: readonly Entry[], column: Column, down: boolean): Promise<Entry[]> {
  const compare = (a: Entry, b: Entry): number =>
    (column === 'size' ? a.size - b.size : column === 'modified' ? a.modified.getTime() - b.modified.getTime() : 0) ||
    byName.compare(a.name, b.name)
  return sortInSlices(entries, (a, b) => Number(b.folder) - Number(a.folder) || (down ? -compare(a, b) : compare(a, b)))
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
