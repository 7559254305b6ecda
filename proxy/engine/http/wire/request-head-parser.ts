import { isTarget, isToken } from './characters'
import { parseFieldLines, type FieldLines } from './field-lines'

/** A request's head, taken apart. Its strings hold bytes as latin1. */
export interface RequestHead {
  readonly ok: true
  readonly method: string
  /** As it came: origin, absolute, authority or asterisk form. */
  readonly target: string
  /** Of HTTP/1.x. */
  readonly minor: 0 | 1
  /** Name, value, name, value, … in their order, with their kinds in `lines.kinds`. */
  readonly lines: FieldLines
  readonly body: 'none' | 'length' | 'chunked'
  /** Of a body with a length; 0 without one. */
  readonly length: number
  /** Whether the client wants the connection to go on after this exchange (RFC 9112 §9.3). */
  readonly keepAlive: boolean
  /** Whether the client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean
  /** Protocols the client offers to switch to, in small letters, only where `Connection` says so too; else null. */
  readonly upgrade: string | null
}

/** Why a head is none. Nothing of it may be passed on. */
export interface HeadRefusal {
  readonly ok: false
  /** `version`: HTTP, but not 1.0 or 1.1. */
  readonly kind: 'malformed' | 'version'
  /** For the log. */
  readonly reason: string
}

/**
 * Takes a request's head apart (RFC 9112 §3 and §5). `buffer` from `start` to `end` holds all of it, its empty line
 * included. Whatever two servers could read differently is refused: see `parseFieldLines` for fields and framing; here
 * more or fewer than one Host, a coding in HTTP/1.0, other blanks than one in the request line, bytes outside visible
 * ASCII or a fragment in the target. Whether the host and the path are good is not looked at.
 */
export function parseRequestHead(buffer: Buffer, start: number, end: number): RequestHead | HeadRefusal {
  const text = buffer.toString('latin1', start, end - 2)
  const lineEnd = text.indexOf('\r\n')
  const first = text.indexOf(' ')
  const second = text.indexOf(' ', first + 1)
  if (lineEnd === -1 || first === -1 || second === -1 || second > lineEnd) return refuse('the request line is not valid')
  if (!isToken(text, 0, first)) return refuse('the method is not valid')
  if (!isTarget(text, first + 1, second)) return refuse('the target is not valid')
  const minor = readMinor(text, second + 1, lineEnd)
  if (minor === -1) return refuse('the version is not valid')
  if (minor === -2) return { ok: false, kind: 'version', reason: 'a version of HTTP that is not spoken here' }
  const lines = parseFieldLines(text, lineEnd + 2)
  if (typeof lines === 'string') return refuse(lines)
  if (lines.hosts > 1) return refuse('more than one Host field')
  if (lines.hosts === 0 && minor === 1) return refuse('no Host field')
  if (lines.chunked && minor === 0) return refuse('a transfer coding in HTTP/1.0')
  const length = lines.contentLength ?? 0
  return {
    ok: true,
    method: text.slice(0, first),
    target: text.slice(first + 1, second),
    minor,
    lines,
    body: lines.chunked ? 'chunked' : length > 0 ? 'length' : 'none',
    length,
    keepAlive: minor === 1 ? !lines.close : lines.keepAlive && !lines.close,
    expectsContinue: lines.expect !== null && minor === 1 && lines.expect.toLowerCase() === '100-continue',
    upgrade: lines.upgrade !== null && minor === 1 && lines.connection?.includes('upgrade') === true ? lines.upgrade.toLowerCase() : null,
  }
}

/** The minor version of HTTP/1.x; -1 where it is no version, -2 where it is another one. */
function readMinor(text: string, start: number, end: number): 0 | 1 | -1 | -2 {
  if (end - start !== 8) return -1
  if (text.startsWith('HTTP/1.1', start)) return 1
  if (text.startsWith('HTTP/1.0', start)) return 0
  return /^HTTP\/\d\.\d$/.test(text.slice(start, end)) ? -2 : -1
}

function refuse(reason: string): HeadRefusal {
  return { ok: false, kind: 'malformed', reason }
}
