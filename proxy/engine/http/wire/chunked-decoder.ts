import { isTokenByte, isValueByte } from './characters'
import { describeFault, WireFault } from './fault'
import { parseFieldLines } from './field-lines'
import { writtenStrictly } from './liberties'

/** After a size, before its line's end: so much of extensions is read and dropped per chunk. */
const MAX_LINE = 256
/** The whole trailer section, in bytes. */
const MAX_TRAILERS = 16_384
/** More hexadecimal digits would not stay exact in a double; of a client leading zeroes count. */
const MAX_DIGITS = 13

const CR = 0x0d
const LF = 0x0a
const TAB = 0x09
const BLANK = 0x20
const QUOTE = 0x22
const SEMICOLON = 0x3b
const EQUALS = 0x3d
const BACKSLASH = 0x5c

/** Where in a chunked body the next byte stands. */
const State = {
  size: 0,
  digits: 1,
  name: 2,
  names: 3,
  value: 4,
  values: 5,
  quoted: 6,
  escaped: 7,
  unquoted: 8,
  blanks: 9,
  loose: 10,
  sizeEnd: 11,
  data: 12,
  dataEnd: 13,
  dataEnded: 14,
  trailer: 15,
  done: 16,
  bad: 17,
} as const

/** Who wrote what is read: of backends more is put up with. */
export type Sender = 'client' | 'backend'

/**
 * Reads a chunked body (RFC 9112 §7.1) as it comes. It copies nothing: `push` tells which ranges of the bytes given are
 * body. One decoder serves one body after the other (`reset`).
 *
 * `push(buffer, start, end)` reads `buffer` from `start` to `end` and answers
 * - `more`: all of it was read, and the body goes on;
 * - `done`: the body ended with the byte before `position`; `trailers` holds its trailer fields (name, value, …);
 * - `bad`: it is no chunked body, and nothing after the ranges may be passed on; `fault` tells why.
 * In every case `ranges` holds pairs of offsets into `buffer` (from, to, from, to, …) of body bytes in this push, none of
 * them empty, and `size` is their sum.
 *
 * Of clients, sizes are 1 to 13 hexadecimal digits; extensions follow the grammar without bad whitespace and are dropped;
 * lines end in CRLF only; a chunk is followed by CRLF exactly; trailers follow the rules of header fields.
 *
 * Of backends, what can be read as one length only is read (nginx 1.22 and HAProxy 2.6 do so): zeroes before a size, blanks
 * behind it (RFC 9112 §7.1.1; ESPHome, WLED and older Tomcats send them), whatever stands in an extension but control
 * characters, and lines that end in LF alone (§2.2). Blanks before a size, other bytes behind it and a bare CR stay refused.
 */
export class ChunkedDecoder {
  readonly ranges: number[] = []
  size = 0
  position = 0
  trailers: string[] = []
  /** For the log. */
  fault = ''
  private readonly loose: boolean
  private state: number = State.size
  private left = 0
  private digits = 0
  private line = 0
  private trailerText = ''

  constructor(sender: Sender) {
    this.loose = sender === 'backend'
  }

  /** Makes it ready for another body. */
  reset(): void {
    this.ranges.length = 0
    this.size = 0
    this.position = 0
    if (this.trailers.length > 0) this.trailers = []
    this.state = State.size
    this.left = 0
    this.digits = 0
    this.line = 0
    this.trailerText = ''
  }

  push(buffer: Buffer, start: number, end: number): 'more' | 'done' | 'bad' {
    this.ranges.length = 0
    this.size = 0
    let at = start
    while (at < end && this.state < State.done) {
      if (this.state === State.data) at = this.takeData(at, end)
      else if (this.state === State.trailer) at = this.takeTrailers(buffer, at, end)
      else {
        const next = this.next(buffer[at] ?? 0)
        if (next === State.bad) this.fault = faultIn(this.state)
        this.state = next
        at += 1
      }
    }
    this.position = at
    return this.state === State.done ? 'done' : this.state === State.bad ? 'bad' : 'more'
  }

  private takeData(at: number, end: number): number {
    const to = Math.min(end, at + this.left)
    this.ranges.push(at, to)
    this.size += to - at
    this.left -= to - at
    if (this.left === 0) this.state = State.dataEnd
    return to
  }

  private next(code: number): number {
    switch (this.state) {
      case State.size:
        this.left = 0
        this.digits = 0
        this.line = 0
        return this.digit(code) ? State.digits : State.bad
      case State.digits:
        if (this.digit(code)) return State.digits
        return code === CR ? State.sizeEnd : this.loose ? this.behindSize(code) : code === SEMICOLON ? State.name : State.bad
      case State.sizeEnd:
        return code === LF ? this.lineEnded() : State.bad
      case State.dataEnd:
        return code === CR ? State.dataEnded : code === LF && this.loose ? State.size : State.bad
      case State.dataEnded:
        return code === LF ? State.size : State.bad
      default:
        this.line += 1
        return this.line > MAX_LINE ? State.bad : this.loose ? this.behindSize(code) : this.extension(code)
    }
  }

  private digit(code: number): boolean {
    const lower = code | 0x20
    const value = code >= 0x30 && code <= 0x39 ? code - 0x30 : lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
    if (value === -1) return false
    if (this.loose && value === 0 && this.left === 0) {
      this.line += 1
      return this.line <= MAX_LINE
    }
    if (this.digits === MAX_DIGITS) return false
    this.digits += 1
    this.left = this.left * 16 + value
    return true
  }

  private lineEnded(): number {
    return this.left === 0 ? State.trailer : State.data
  }

  /** What a backend may send behind a size: blanks, then anything behind a semicolon, then the line's end. */
  private behindSize(code: number): number {
    if (code === CR) return State.sizeEnd
    if (code === LF) return this.lineEnded()
    if (this.state === State.loose) return isValueByte(code) ? State.loose : State.bad
    return code === SEMICOLON ? State.loose : code === BLANK || code === TAB ? State.blanks : State.bad
  }

  /** `;name`, `;name=token`, `;name="quoted"` (RFC 9112 §7.1.1). */
  private extension(code: number): number {
    switch (this.state) {
      case State.name:
        return isTokenByte(code) ? State.names : State.bad
      case State.names:
        if (isTokenByte(code)) return State.names
        return code === EQUALS ? State.value : afterExtension(code)
      case State.value:
        return code === QUOTE ? State.quoted : isTokenByte(code) ? State.values : State.bad
      case State.values:
        return isTokenByte(code) ? State.values : afterExtension(code)
      case State.quoted:
        if (code === QUOTE) return State.unquoted
        if (code === BACKSLASH) return State.escaped
        return isValueByte(code) ? State.quoted : State.bad
      case State.escaped:
        return isValueByte(code) ? State.quoted : State.bad
      default:
        return afterExtension(code)
    }
  }

  /** Collects the trailer section to its empty line. */
  private takeTrailers(buffer: Buffer, start: number, end: number): number {
    const before = this.trailerText.length
    const text = this.trailerText + buffer.toString('latin1', start, Math.min(end, start + MAX_TRAILERS))
    const close = endOfLines(text, before)
    if (close !== -1) return this.finish(start + close - before, text.slice(0, close))
    const last = Math.max(0, before - 1)
    if (text.length >= MAX_TRAILERS) this.fail('the trailers are too long')
    else if ((this.loose ? LOOSE_FAULT : STRICT_FAULT).test(text.slice(last)))
      this.fail('the trailers hold a control character (RFC 9110 §5.5)')
    this.trailerText = text
    return end
  }

  /** `text`: the trailer section with its empty line. */
  private finish(position: number, text: string): number {
    const strict = this.loose ? null : text.slice(0, -2).split('\r\n')
    const { lines, numbers } = strict === null ? writtenStrictly(text, 0) : { lines: strict, numbers: null }
    const fields = strict === null ? parseFieldLines(lines.map((line) => `${line}\r\n`).join(''), 0) : parseFieldLines(text.slice(0, -2), 0)
    if (fields instanceof WireFault) this.fail(`trailers: ${describeFault(lines, fields, numbers)}`)
    else if (strict !== null && !text.endsWith('\r\n')) this.fail('the trailers end in LF alone (RFC 9112 §2.2)')
    // A trailer that frames or names a host is one no sender may send (RFC 9110 §6.5.1), and some servers act on it.
    else if (fields.chunked || fields.contentLength !== null || fields.hosts > 0)
      this.fail('a trailer that frames the message or names its host (RFC 9110 §6.5.1)')
    else {
      this.state = State.done
      this.trailers = fields.fields
    }
    return position
  }

  private fail(fault: string): void {
    this.fault = fault
    this.state = State.bad
  }
}

const STRICT_FAULT = /[^\t\r\n\x20-\x7e\x80-\xff]|[^\r]\n|\r[^\n]/
const LOOSE_FAULT = /[^\t\r\n\x20-\x7e\x80-\xff]|\r[^\n]/

/** Behind the first empty line, whose LF is at `from` or later; -1: it has not come. Lines may end in LF alone here. */
function endOfLines(text: string, from: number): number {
  for (let at = text.indexOf('\n', from); at !== -1; at = text.indexOf('\n', at + 1)) {
    const before = text[at - 1] === '\r' ? at - 2 : at - 1
    if (before < 0 || text[before] === '\n') return at + 1
  }
  return -1
}

function afterExtension(code: number): number {
  return code === CR ? State.sizeEnd : code === SEMICOLON ? State.name : State.bad
}

/** What is wrong where no next byte fits. */
function faultIn(state: number): string {
  switch (state) {
    case State.size:
    case State.digits:
    case State.blanks:
      return 'a chunk size is not valid (RFC 9112 §7.1)'
    case State.sizeEnd:
      return 'a CR without LF behind a chunk size (RFC 9112 §7.1)'
    case State.dataEnd:
    case State.dataEnded:
      return 'a chunk is longer than its size says (RFC 9112 §7.1)'
    default:
      return 'a chunk extension is not valid, or too long (RFC 9112 §7.1.1)'
  }
}
