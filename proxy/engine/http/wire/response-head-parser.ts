import { isValue } from './characters'
import { describeFault, WireFault } from './fault'
import { FieldKind } from './field-kind'
import { parseFieldLines, type FieldLines } from './field-lines'
import { writtenStrictly } from './liberties'
import type { HeadRefusal } from './request-head-parser'

/** What is told of a first line that is none. */
export const BAD_STATUS_LINE = 'the status line is not valid (RFC 9112 §4)'

/** An answer's head, taken apart. Its strings hold bytes as latin1. */
export interface ResponseHead {
  readonly ok: true
  /** 100 to 999. */
  readonly status: number
  readonly reason: string
  readonly minor: 0 | 1
  readonly lines: FieldLines
  /** By its fields alone: answers to HEAD, and 1xx, 204 and 304, have no body whatever they say (RFC 9112 §6.3). */
  readonly body: 'length' | 'chunked' | 'close'
  readonly length: number
  /** Whether the backend leaves the connection open after this exchange. */
  readonly keepAlive: boolean
}

/**
 * Takes an answer's head apart (RFC 9112 §4 and §5). `buffer` from `start` to `end` holds all of it, its empty line
 * included. As strict as for requests, and the way of nearly every answer; null: `parseLooseResponseHead` has to say.
 */
export function parseResponseHead(buffer: Buffer, start: number, end: number): ResponseHead | null {
  const head = parse(buffer.toString('latin1', start, end - 2))
  return head instanceof WireFault ? null : head
}

/**
 * The same with the liberties that a reader of answers may or must allow (`writtenStrictly`). An answer whose framing is
 * ambiguous must not reach a client all the same.
 */
export function parseLooseResponseHead(buffer: Buffer, start: number, end: number): ResponseHead | HeadRefusal {
  const { lines, numbers } = writtenStrictly(buffer.toString('latin1', start, end), 1)
  const head = parse(`${lines.join('\r\n')}\r\n`)
  return head instanceof WireFault ? { ok: false, kind: 'malformed', reason: describeFault(lines, head, numbers) } : head
}

function parse(text: string): ResponseHead | WireFault {
  const lineEnd = text.indexOf('\r\n')
  const minor = text.startsWith('HTTP/1.1 ') ? 1 : text.startsWith('HTTP/1.0 ') ? 0 : -1
  if (minor === -1 || lineEnd === -1) return new WireFault(0, BAD_STATUS_LINE)
  const status = (text.charCodeAt(9) - 0x30) * 100 + (text.charCodeAt(10) - 0x30) * 10 + (text.charCodeAt(11) - 0x30)
  if (!isStatus(text)) return new WireFault(0, 'the status is not valid (RFC 9110 §15)')
  // The blank before an empty reason is left out by many servers; nothing else can be meant.
  if (lineEnd !== 12 && text.charCodeAt(12) !== 0x20) return new WireFault(0, BAD_STATUS_LINE)
  if (!isValue(text, 12, lineEnd)) return new WireFault(0, 'a control character in the reason (RFC 9112 §4)')
  const lines = parseFieldLines(text, lineEnd + 2)
  if (lines instanceof WireFault) return new WireFault(lines.line + 1, lines.rule)
  if (lines.chunked && minor === 0)
    return new WireFault(lines.kinds.indexOf(FieldKind.transferEncoding) + 1, 'a transfer coding in HTTP/1.0 (RFC 9112 §6.1)')
  return {
    ok: true,
    status,
    reason: text.slice(13, lineEnd),
    minor,
    lines,
    body: lines.chunked ? 'chunked' : lines.contentLength !== null ? 'length' : 'close',
    length: lines.contentLength ?? 0,
    keepAlive: minor === 1 ? !lines.close : lines.keepAlive && !lines.close,
  }
}

/** Three digits, the first of which is not zero. */
function isStatus(text: string): boolean {
  const first = text.charCodeAt(9)
  return first >= 0x31 && first <= 0x39 && isDigit(text.charCodeAt(10)) && isDigit(text.charCodeAt(11))
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
