import { endOfToken, endOfValue } from './characters'
import { WireFault } from './fault'
import { FieldKind, fieldKind, usualField } from './field-kind'

const TAB = 0x09
const LF = 0x0a
const CR = 0x0d
const BLANK = 0x20
const COLON = 0x3a

/** How a message's body is framed. `close`: until the connection ends; answers only. */
export type Framing = 'none' | 'length' | 'chunked' | 'close'

/** The fields of a head as they stood on the wire, with what framing and connection management need of them. */
export interface FieldLines {
  /** Name, value, name, value, …; order, case and repetitions kept, the blanks around values not. */
  readonly fields: string[]
  /** The kind of each name in `fields`, half as many (`FieldKind`). */
  readonly kinds: number[]
  host: string | null
  hosts: number
  /** Null: none was sent. */
  contentLength: number | null
  chunked: boolean
  /** The options of `Connection` in small letters; null where it named nothing but `close` and `keep-alive`. */
  connection: Set<string> | null
  close: boolean
  keepAlive: boolean
  upgrade: string | null
  expect: string | null
}

/** A head without fields. */
export function noFieldLines(): FieldLines {
  return {
    fields: [],
    kinds: [],
    host: null,
    hosts: 0,
    contentLength: null,
    chunked: false,
    connection: null,
    close: false,
    keepAlive: false,
    upgrade: null,
    expect: null,
  }
}

/**
 * Reads field lines (RFC 9112 §5) from `start` to the end of `text`, each ending in CRLF. `text` holds bytes as latin1.
 * Gives the fault where they are malformed or the framing they tell is ambiguous (RFC 9112 §6.1, §6.3): repeated or odd
 * Content-Length, both Content-Length and Transfer-Encoding, any coding but one `chunked`. Its line counts from the first
 * field line.
 */
export function parseFieldLines(text: string, start: number): FieldLines | WireFault {
  const lines = noFieldLines()
  let at = start
  while (at < text.length) {
    const colon = endOfToken(text, at)
    // A blank before the colon and a folded line (its blank comes first) both fail here: neither is in a token.
    if (colon === at || text.charCodeAt(colon) !== COLON) return new WireFault(lines.kinds.length, ruleOfName(text, at, colon))
    let from = colon + 1
    while (isBlank(text.charCodeAt(from))) from += 1
    const end = endOfValue(text, from)
    if (text.charCodeAt(end) !== CR || text.charCodeAt(end + 1) !== LF) return new WireFault(lines.kinds.length, ruleOfValue(text, end))
    let to = end
    while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1
    const usual = usualField(text, at, colon)
    const name = usual === null ? text.slice(at, colon) : usual.name
    const value = text.slice(from, to)
    const kind = usual === null ? fieldKind(name) : usual.kind
    lines.fields.push(name, value)
    lines.kinds.push(kind)
    if (kind !== FieldKind.other && kind <= FieldKind.upgrade) {
      const rule = note(lines, kind, value)
      if (rule !== null) return new WireFault(lines.kinds.length - 1, rule)
    }
    at = end + 2
  }
  if (lines.chunked && lines.contentLength !== null) {
    const second = Math.max(lines.kinds.indexOf(FieldKind.contentLength), lines.kinds.indexOf(FieldKind.transferEncoding))
    return new WireFault(second, 'both Content-Length and Transfer-Encoding (RFC 9112 §6.3)')
  }
  return lines
}

function note(lines: FieldLines, kind: number, value: string): string | null {
  switch (kind) {
    case FieldKind.host:
      lines.hosts += 1
      lines.host = value
      return null
    case FieldKind.connection:
      noteConnection(lines, value)
      return null
    case FieldKind.contentLength:
      // Fifteen digits stay exact in a double.
      if (!/^\d{1,15}$/.test(value)) return 'the Content-Length is not valid (RFC 9110 §8.6)'
      if (lines.contentLength !== null) return 'a second Content-Length (RFC 9112 §6.3)'
      lines.contentLength = Number(value)
      return null
    case FieldKind.transferEncoding:
      if (lines.chunked || value.toLowerCase() !== 'chunked') return 'a transfer coding other than one chunked (RFC 9112 §6.1)'
      lines.chunked = true
      return null
    case FieldKind.upgrade:
      lines.upgrade = lines.upgrade === null ? value : `${lines.upgrade}, ${value}`
      return null
    case FieldKind.expect:
      lines.expect = lines.expect === null ? value : `${lines.expect}, ${value}`
      return null
    default:
      return null
  }
}

function noteConnection(lines: FieldLines, value: string): void {
  if (value === 'close') lines.close = true
  else if (value === 'keep-alive') lines.keepAlive = true
  else {
    for (const part of value.toLowerCase().split(',')) {
      const option = part.trim()
      if (option === 'close') lines.close = true
      else if (option === 'keep-alive') lines.keepAlive = true
      else if (option !== '') (lines.connection ??= new Set()).add(option)
    }
  }
}

/** What is wrong with a line whose name, from `at`, ends before `end` without a colon behind it. */
function ruleOfName(text: string, at: number, end: number): string {
  if (isBlank(text.charCodeAt(at))) return 'a folded line (RFC 9112 §5.2)'
  let next = end
  while (isBlank(text.charCodeAt(next))) next += 1
  if (end > at && next > end && text.charCodeAt(next) === COLON) return 'a blank before the colon (RFC 9112 §5.1)'
  return 'a field name is not valid (RFC 9112 §5.1)'
}

/** What is wrong with the byte at which a value ends. */
function ruleOfValue(text: string, at: number): string {
  const code = text.charCodeAt(at)
  if (code === LF) return 'a line ends in LF alone (RFC 9112 §2.2)'
  return code === CR ? 'a CR without LF (RFC 9112 §2.2)' : 'a control character in a field value (RFC 9110 §5.5)'
}

function isBlank(code: number): boolean {
  return code === BLANK || code === TAB
}
