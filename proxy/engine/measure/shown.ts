/** A head may be a megabyte and the log keeps 10,000 rows: what is longer is cut off there. */
const LONGEST = { method: 32, host: 256, path: 512 } as const

/** A part of a request as the log shows it, whatever came: cut, and what is not visible ASCII escaped. */
export function shown(part: keyof typeof LONGEST, text: string): string {
  const longest = LONGEST[part]
  const begin = text.slice(0, longest).replace(/[^\x20-\x7e]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
  // As a copy: a part of a text keeps the whole one in memory.
  const copy = Buffer.from(begin.slice(0, longest), 'latin1').toString('latin1')
  return text.length > longest || begin.length > longest ? `${copy}…` : copy
}

/** The same of what has been found to be visible ASCII. */
export function cut(part: keyof typeof LONGEST, text: string): string {
  return text.length <= LONGEST[part] ? text : shown(part, text)
}

/** A target that is no path, without its query and a password, both of which may be secrets. */
export function shownTarget(target: string): string {
  return shown('path', target.replace(/\?.*$/s, '').replace(/\/\/[^/]*@/, '//@'))
}

/** What a row tells of a request. */
export interface ShownRequest {
  readonly method: string
  readonly host: string
  readonly path: string
}

/** The same of what was no request, as much of it as could be read. */
export function shownRequest({
  method,
  host,
  target,
}: {
  readonly method: string
  readonly host: string
  readonly target: string
}): ShownRequest {
  return { method: shown('method', method), host: shown('host', host), path: shownTarget(target) }
}
