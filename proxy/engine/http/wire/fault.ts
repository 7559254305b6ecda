/** A rule that a line breaks, and which line: 0 is the first. */
export class WireFault {
  readonly line: number
  /** The rule in words, with where it stands. */
  readonly rule: string

  constructor(line: number, rule: string) {
    this.line = line
    this.rule = rule
  }
}

/** So much of a line is shown. */
const MOST = 60
/** Names whose values are somebody's secret, or may well be. */
const SECRET = /cookie|auth|token|secret|key|passw|session|credential|signature|csrf|xsrf|jwt|nonce|ticket/i

/**
 * A fault in words for the log: `line 3, “Foo\u0001: x”: a field name is not valid (RFC 9112 §5.1)`. `lines` are the message's
 * lines without their ends; `numbers` tells which of them is which on the wire, where that differs. Clients never see it.
 */
export function describeFault(lines: readonly string[], { line, rule }: WireFault, numbers: readonly number[] | null = null): string {
  return `line ${numbers?.[line] ?? line + 1}, “${shownLine(lines, line)}”: ${rule}`
}

/** A line as a log may show it: cut, with what is not visible escaped, and without what may be a secret. */
function shownLine(lines: readonly string[], index: number): string {
  const line = withoutQuery(lines[index] ?? '')
  const colon = line.indexOf(':')
  // A line that names no field may be the rest of the one before it.
  if (colon <= 0 || isFold(line)) return SECRET.test(ownerOf(lines, index)) ? '…' : escaped(line)
  return SECRET.test(line.slice(0, colon)) ? `${escaped(line.slice(0, colon))}: …` : escaped(line)
}

function ownerOf(lines: readonly string[], index: number): string {
  for (let at = index - 1; at >= 0; at--) {
    const line = lines[at] ?? ''
    const colon = line.indexOf(':')
    if (colon > 0 && !isFold(line)) return line.slice(0, colon)
  }
  return ''
}

function isFold(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t')
}

/** A URL’s query and user may hold passwords, in a target as in a Referer or a Location. */
function withoutQuery(line: string): string {
  return line.replace(/\/\/[^/@\s]*@/, '//…@').replace(/\?\S+/, '?…')
}

/** A bare CR or LF is shown, but not what stands behind it: that may be a field of its own. */
function escaped(text: string): string {
  const end = text.search(/[\r\n]/)
  const line = end === -1 ? text : text.slice(0, end + 1)
  const cut = line.length > MOST ? line.slice(0, MOST) : line
  return (cut.length < text.length ? `${cut}…` : cut).replace(
    /[^\x20-\x7e…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
