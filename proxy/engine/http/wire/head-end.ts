import { describeFault, WireFault } from './fault'

const END = Buffer.from('\r\n\r\n')
const CR = 0x0d
const LF = 0x0a
const TAB = 0x09
const COLON = 0x3a

/** Where the head that begins before `from` ends: the first byte after its empty line, or -1 where that has not come up to `last`. */
export function findHeadEnd(buffer: Buffer, from: number, last: number): number {
  const at = buffer.indexOf(END, from)
  return at === -1 || at + END.length > last ? -1 : at + END.length
}

/**
 * The same where each line of the head, which begins at `start`, may as well end in LF alone (RFC 9112 §2.2). The bytes before
 * `from` were looked at before, so that a head that trickles in is looked through once.
 */
export function findLooseHeadEnd(buffer: Buffer, start: number, from: number, last: number): number {
  for (let at = buffer.indexOf(LF, from); at !== -1 && at < last; at = buffer.indexOf(LF, at + 1)) {
    const before = at > start && buffer[at - 1] === CR ? at - 2 : at - 1
    if (before >= start && buffer[before] === LF) return at + 1
  }
  return -1
}

/**
 * The first of the bytes from `from` to `end` that can be in no head: a control character, a bare CR, and where `loose` does
 * not say that lines may end so, a bare LF (RFC 9112 §2.2); -1 where there is none. They are part of a head that begins at
 * `start` and whose end has not come yet. Without this a client that ends its lines with LF alone would wait for an answer
 * until the time is up.
 */
export function findBadByte(buffer: Buffer, start: number, from: number, end: number, loose: boolean): number {
  for (let at = from; at < end; at++) {
    const code = buffer[at] ?? 0
    if (code >= 0x20 && code !== 0x7f) continue
    // The CR may have come in an earlier piece, before `from`.
    if (code === LF && (loose || (at > start && buffer[at - 1] === CR))) continue
    if (code === CR && (at + 1 >= end || buffer[at + 1] === LF)) continue
    if (code !== TAB) return at
  }
  return -1
}

/** Why a head that begins at `start`, of which the bytes up to `last` have come, can be none: its byte `bad` (`findBadByte`). */
export function describeBadByte(buffer: Buffer, start: number, bad: number, last: number, firstLine: string): string {
  const lines = buffer.toString('latin1', start, bad).split(/\r?\n/)
  const index = lines.length - 1
  const from = bad - (lines[index]?.length ?? 0)
  const end = buffer.indexOf(LF, bad + 1)
  const line = buffer.toString('latin1', from, end === -1 || end > last ? last : end).replace(/\r$/, '')
  const code = buffer[bad]
  const named = buffer.subarray(from, bad).includes(COLON)
  const rule =
    code === LF
      ? 'a line ends in LF alone (RFC 9112 §2.2)'
      : code === CR
        ? 'a CR without LF (RFC 9112 §2.2)'
        : index === 0
          ? firstLine
          : named
            ? 'a control character in a field value (RFC 9110 §5.5)'
            : 'a field name is not valid (RFC 9112 §5.1)'
  return describeFault([...lines.slice(0, -1), line], new WireFault(index, rule))
}

/** Where a request begins: empty lines before it are a bad habit of old clients (RFC 9112 §2.2). */
export function skipEmptyLines(buffer: Buffer, last: number): number {
  let start = 0
  while (start + 1 < last && buffer[start] === 0x0d && buffer[start + 1] === 0x0a) start += 2
  return start
}
