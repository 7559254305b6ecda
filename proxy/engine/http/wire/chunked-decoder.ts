import { isTokenByte, isValueByte } from './characters'
import { parseFieldLines } from './field-lines'

/** After a size, before its line's end: so much of extensions is read and dropped per chunk. */
const MAX_LINE = 256
/** The whole trailer section, in bytes. */
const MAX_TRAILERS = 16_384
/** More hexadecimal digits would not stay exact in a double; leading zeroes count. */
const MAX_DIGITS = 13

const CR = 0x0d
const LF = 0x0a
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
  sizeEnd: 9,
  data: 10,
  dataEnd: 11,
  dataEnded: 12,
  trailer: 13,
  done: 14,
  bad: 15,
} as const

/**
 * Reads a chunked body (RFC 9112 §7.1) as it comes. It copies nothing: `push` tells which ranges of the bytes given are
 * body. One decoder serves one body after the other (`reset`).
 *
 * `push(buffer, start, end)` reads `buffer` from `start` to `end` and answers
 * - `more`: all of it was read, and the body goes on;
 * - `done`: the body ended with the byte before `position`; `trailers` holds its trailer fields (name, value, …);
 * - `bad`: it is no chunked body, and nothing after the ranges may be passed on.
 * In every case `ranges` holds pairs of offsets into `buffer` (from, to, from, to, …) of body bytes in this push, none of
 * them empty, and `size` is their sum.
 *
 * Sizes are 1 to 13 hexadecimal digits; extensions follow the grammar without bad whitespace and are dropped; lines end in
 * CRLF only; a chunk is followed by CRLF exactly; trailers follow the rules of header fields.
 */
export class ChunkedDecoder {
  readonly ranges: number[] = []
  size = 0
  position = 0
  trailers: string[] = []
  private state: number = State.size
  private left = 0
  private digits = 0
  private line = 0
  private trailerText = ''

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
        this.state = this.next(buffer[at] ?? 0)
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
        return code === CR ? State.sizeEnd : code === SEMICOLON ? State.name : State.bad
      case State.sizeEnd:
        if (code !== LF) return State.bad
        return this.left === 0 ? State.trailer : State.data
      case State.dataEnd:
        return code === CR ? State.dataEnded : State.bad
      case State.dataEnded:
        return code === LF ? State.size : State.bad
      default:
        this.line += 1
        return this.line > MAX_LINE ? State.bad : this.extension(code)
    }
  }

  private digit(code: number): boolean {
    const lower = code | 0x20
    const value = code >= 0x30 && code <= 0x39 ? code - 0x30 : lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
    if (value === -1 || this.digits === MAX_DIGITS) return false
    this.digits += 1
    this.left = this.left * 16 + value
    return true
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
    if (text.startsWith('\r\n')) return this.finish(start + 2 - before, '')
    const close = text.indexOf('\r\n\r\n', Math.max(0, before - 3))
    if (close !== -1) return this.finish(start + close + 4 - before, text.slice(0, close + 2))
    if (text.length >= MAX_TRAILERS || /[^\t\r\n\x20-\x7e\x80-\xff]|[^\r]\n|^\n|\r[^\n]/.test(text)) this.state = State.bad
    this.trailerText = text
    return end
  }

  private finish(position: number, text: string): number {
    const lines = parseFieldLines(text, 0)
    // A trailer that frames or names a host is one no sender may send (RFC 9110 §6.5.1), and some servers act on it.
    const good = typeof lines !== 'string' && !lines.chunked && lines.contentLength === null && lines.hosts === 0
    this.state = good ? State.done : State.bad
    if (good) this.trailers = lines.fields
    return position
  }
}

function afterExtension(code: number): number {
  return code === CR ? State.sizeEnd : code === SEMICOLON ? State.name : State.bad
}
