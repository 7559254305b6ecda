/** What can be made out of bytes that are no request: for people who look for it in the log, never to be acted on. */
export interface Glimpse {
  readonly method: string
  readonly target: string
  readonly host: string
}

/** Heads may be a megabyte; what is looked for stands at the beginning. */
const LOOKED_AT = 65_536
const LF = 0x0a
const BLANK = 0x20

/** Reads `buffer` from `start` to `last` as leniently as can be; what is not there is empty. The texts hold bytes as latin1. */
export function glimpse(buffer: Buffer, start: number, last: number): Glimpse {
  const text = buffer.toString('latin1', start, Math.min(last, start + LOOKED_AT))
  const [line = ''] = text.split(/[\r\n]/, 1)
  const host = /[\r\n]host[ \t]*:[ \t]*([^\r\n]*)/i.exec(text)?.[1] ?? ''
  const blank = line.indexOf(' ')
  // Without a blank nothing tells a method from anything else.
  if (blank === -1) return { method: '', target: line, host }
  return { method: line.slice(0, blank), target: line.slice(blank + 1).replace(/ HTTP\/\S*$/, ''), host }
}

/** Whether the request line alone, whose target must have begun, is longer than `limit`. */
export function isLineTooLong(buffer: Buffer, start: number, last: number, limit: number): boolean {
  const at = buffer.indexOf(LF, start)
  const end = at === -1 || at >= last ? last : at + 1
  const blank = buffer.indexOf(BLANK, start)
  return end - start > limit && blank !== -1 && blank < start + limit
}
