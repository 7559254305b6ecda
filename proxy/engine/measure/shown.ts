/** A head may be a megabyte and the log keeps 10,000 rows: what is longer is cut off there. */
const LONGEST = { method: 32, host: 256, path: 512, reason: 1_024 } as const
/** Shorter parts of a text are copies in any case (V8: SlicedString::kMinLength). */
const SHORTEST_SLICE = 13

/**
 * A text that keeps nothing else in memory, for what outlives its request. A part of a text keeps the whole one, in V8: a
 * row that showed a path of 20 letters kept the head of 31 KB that it stood in. No more than `most` letters of it.
 */
export function own(text: string, most: number = text.length): string {
  const part = text.length > most ? text.slice(0, most) : text
  // The text is joined to one of its own, of which the part is taken: half the cost of a way through a buffer.
  return part.length < SHORTEST_SLICE ? part : ` ${part}`.slice(1)
}

/** A part of a request as the log shows it, whatever came: cut, and what is not visible ASCII escaped. */
export function shown(part: keyof typeof LONGEST, text: string): string {
  const longest = LONGEST[part]
  const begin = text.slice(0, longest).replace(/[^\x20-\x7e]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`)
  const copy = own(begin, longest)
  return text.length > longest || begin.length > longest ? `${copy}…` : copy
}

/** The same of what has been found to be visible ASCII. */
export function cut(part: keyof typeof LONGEST, text: string): string {
  return text.length <= LONGEST[part] ? own(text) : shown(part, text)
}

/** Why a visit ended, as the log shows it: words of ours, and of a client's or a backend's in between. */
export function shownReason(text: string): string {
  return text.length <= LONGEST.reason ? own(text) : `${own(text, LONGEST.reason)}…`
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
