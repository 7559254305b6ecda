const BLANK = 0x20
const TAB = 0x09

/** Lines of an answer as a strict writer would have sent them, and for each which line of the wire it is or begins at. */
export interface StrictLines {
  readonly lines: string[]
  readonly numbers: number[]
}

/**
 * Takes the liberties out of an answer's lines that its reader may or must allow, so that one strict parser can judge the
 * rest. `text` holds all of them up to their empty line, which is left out; the first `first` are no field lines. What
 * nginx 1.22, HAProxy 2.6 and Caddy 2.6 make of the same answers was tried beside.
 * - A line may end in LF alone (RFC 9112 §2.2 MAY). All three read it.
 * - Blanks before a colon are taken away (§5.1 MUST). Caddy does.
 * - A folded line becomes one with the line before, with a blank between (§5.2 MUST, or 502). HAProxy and Caddy do. Not where
 *   the line before frames the body: there two readers could see two lengths.
 * - Lengths that are equal are one (RFC 9110 §8.6 MAY), in one field or in several, however many zeroes they begin with. All
 *   three take two equal fields; HAProxy takes the list.
 */
export function writtenStrictly(text: string, first: number): StrictLines {
  const raw = text.split('\n')
  // What stands behind the last LF, and the empty line itself.
  raw.length = Math.max(0, raw.length - 2)
  const pieces: string[][] = []
  const numbers: number[] = []
  let length: string | null = null
  /** Whether the last line may go on in a folded one. */
  let open = false
  for (const [index, ended] of raw.entries()) {
    const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended
    if (open && startsBlank(line)) {
      pieces.at(-1)?.push(trimmed(line))
      continue
    }
    const colon = index < first || startsBlank(line) ? -1 : line.indexOf(':')
    const name = line.slice(0, endOfBlankless(line, Math.max(0, colon)))
    const isLength = /^content-length$/i.test(name)
    const told = isLength ? oneLength(line.slice(colon + 1)) : null
    open = colon !== -1 && !isLength && !/^transfer-encoding$/i.test(name)
    if (told !== null && told === length) continue
    length = told ?? length
    numbers.push(index + 1)
    pieces.push([told !== null ? `${name}: ${told}` : colon === -1 ? line : name + endTrimmed(line.slice(colon))])
  }
  return { lines: pieces.map((parts) => parts.join(' ')), numbers }
}

/** The one length that a Content-Length tells, without zeroes in front; null where it tells none, or several. */
function oneLength(value: string): string | null {
  const [first = '', ...others] = value.split(',').map((part) => trimmed(part))
  if (!/^\d+$/.test(first)) return null
  const plain = first.replace(/^0+(?=\d)/, '')
  return others.every((other) => /^\d+$/.test(other) && other.replace(/^0+(?=\d)/, '') === plain) ? plain : null
}

function startsBlank(line: string): boolean {
  return isBlank(line.charCodeAt(0))
}

function endOfBlankless(line: string, colon: number): number {
  let end = colon
  while (end > 0 && isBlank(line.charCodeAt(end - 1))) end -= 1
  return end
}

function trimmed(text: string): string {
  let from = 0
  while (isBlank(text.charCodeAt(from))) from += 1
  return endTrimmed(text.slice(from))
}

function endTrimmed(text: string): string {
  return text.slice(0, endOfBlankless(text, text.length))
}

function isBlank(code: number): boolean {
  return code === BLANK || code === TAB
}
