import path from 'node:path'

/** The app's own origin: a scheme of ours, in which a path can be checked and which no web page shares. */
const ORIGIN = 'app://bundle'

/** The window's page. */
export const PAGE = `${ORIGIN}/index.html`

/** The file an address stands for; null where it is not one of ours or leads out of `directory`. */
export function fileOf(address: string, directory: string): string | null {
  const url = new URL(address)
  if (url.host !== 'bundle') return null
  const name = decoded(url.pathname)
  if (name === null || name.includes('\0') || name.includes('\\') || name.endsWith('/')) return null
  const file = path.join(directory, name)
  return file.startsWith(directory + path.sep) ? file : null
}

/** Whether an address is a page of this app. */
export function isOwnPage(address: string): boolean {
  return address.startsWith(`${ORIGIN}/`)
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null // a stray % is not a name of ours
  }
}
