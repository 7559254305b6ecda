import { isTarget, isToken } from './characters'
import { describeFault, WireFault } from './fault'
import { FieldKind } from './field-kind'
import { parseFieldLines, type FieldLines } from './field-lines'

/** What is told of a first line that is none. */
export const BAD_REQUEST_LINE = 'the request line is not valid (RFC 9112 §3)'

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
  /** The line and the rule, for the log. */
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
  if (lineEnd === -1 || first === -1 || second === -1 || second > lineEnd) return refuse(text, 0, BAD_REQUEST_LINE)
  if (!isToken(text, 0, first)) return refuse(text, 0, 'the method is not valid (RFC 9110 §9.1)')
  if (!isTarget(text, first + 1, second)) return refuse(text, 0, 'the target is not valid (RFC 9112 §3.2)')
  const minor = readMinor(text, second + 1, lineEnd)
  if (minor === -1) return refuse(text, 0, 'the version is not valid (RFC 9112 §2.3)')
  if (minor === -2) return { ok: false, kind: 'version', reason: 'a version of HTTP that is not spoken here' }
  const lines = parseFieldLines(text, lineEnd + 2)
  if (lines instanceof WireFault) return refuse(text, lines.line + 1, lines.rule)
  if (lines.hosts > 1) return refuse(text, lines.kinds.lastIndexOf(FieldKind.host) + 1, 'a second Host (RFC 9112 §3.2)')
  if (lines.hosts === 0 && minor === 1) return { ok: false, kind: 'malformed', reason: 'no Host field (RFC 9112 §3.2)' }
  if (lines.chunked && minor === 0)
    return refuse(text, lines.kinds.indexOf(FieldKind.transferEncoding) + 1, 'a transfer coding in HTTP/1.0 (RFC 9112 §6.1)')
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
    upgrade: lines.upgrade !== null && minor === 1 && lines.connection?.has('upgrade') === true ? lines.upgrade.toLowerCase() : null,
  }
}

/** The minor version of HTTP/1.x; -1 where it is no version, -2 where it is another one. */
function readMinor(text: string, start: number, end: number): 0 | 1 | -1 | -2 {
  if (end - start !== 8) return -1
  if (text.startsWith('HTTP/1.1', start)) return 1
  if (text.startsWith('HTTP/1.0', start)) return 0
  return /^HTTP\/\d\.\d$/.test(text.slice(start, end)) ? -2 : -1
}

function refuse(text: string, line: number, rule: string): HeadRefusal {
  return { ok: false, kind: 'malformed', reason: describeFault(text.split('\r\n'), new WireFault(line, rule)) }
}
