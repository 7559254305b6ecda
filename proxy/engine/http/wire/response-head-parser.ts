import { isValue } from './characters'
import { parseFieldLines, type FieldLines } from './field-lines'
import type { HeadRefusal } from './request-head-parser'

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
 * included. As strict as for requests: an answer whose framing is ambiguous must not reach a client.
 */
export function parseResponseHead(buffer: Buffer, start: number, end: number): ResponseHead | HeadRefusal {
  const text = buffer.toString('latin1', start, end - 2)
  const lineEnd = text.indexOf('\r\n')
  const minor = text.startsWith('HTTP/1.1 ') ? 1 : text.startsWith('HTTP/1.0 ') ? 0 : -1
  if (minor === -1) return refuse('the status line is not valid')
  const status = (text.charCodeAt(9) - 0x30) * 100 + (text.charCodeAt(10) - 0x30) * 10 + (text.charCodeAt(11) - 0x30)
  if (!isStatus(text)) return refuse('the status is not valid')
  // The blank before an empty reason is left out by many servers; nothing else can be meant.
  if (lineEnd !== 12 && text.charCodeAt(12) !== 0x20) return refuse('the status line is not valid')
  if (!isValue(text, 12, lineEnd)) return refuse('the reason holds a control character')
  const lines = parseFieldLines(text, lineEnd + 2)
  if (typeof lines === 'string') return refuse(lines)
  if (lines.chunked && minor === 0) return refuse('a transfer coding in HTTP/1.0')
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

function refuse(reason: string): HeadRefusal {
  return { ok: false, kind: 'malformed', reason }
}
