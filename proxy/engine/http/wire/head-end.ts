const END = Buffer.from('\r\n\r\n')
const CR = 0x0d
const LF = 0x0a
const TAB = 0x09

/** Where the head that begins before `from` ends: the first byte after its empty line, or -1 where that has not come up to `last`. */
export function findHeadEnd(buffer: Buffer, from: number, last: number): number {
  const at = buffer.indexOf(END, from)
  return at === -1 || at + END.length > last ? -1 : at + END.length
}

/**
 * Whether the bytes from `from` to `end`, part of a head that begins at `start` and whose end has not come yet, can already
 * be no head: a control character, a bare CR or a bare LF among them (RFC 9112 §2.2). Without this a client that ends its
 * lines with LF alone would wait for an answer until the time is up.
 */
export function isHopeless(buffer: Buffer, start: number, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    const code = buffer[at] ?? 0
    if (code >= 0x20 && code !== 0x7f) continue
    // The CR may have come in an earlier piece, before `from`.
    if (code === LF && at > start && buffer[at - 1] === CR) continue
    if (code === CR && (at + 1 >= end || buffer[at + 1] === LF)) continue
    if (code !== TAB) return true
  }
  return false
}
