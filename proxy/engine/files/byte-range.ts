/** The part of a file that an answer carries, from `start` to before `end`. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** More than a player or a download manager asks for at once, and few enough to sort. */
const MOST = 100

/**
 * What a Range field asks of so many bytes (RFC 9110 §14.1.2). null: the whole is sent, for what is no valid range, and for
 * several parts that do not join to one (§14.2 lets a server ignore the field).
 */
export function byteRange(size: number, field: string): Span | 'none-fits' | null {
  const items =
    /^bytes=(.*)$/i
      .exec(field)?.[1]
      ?.split(',')
      .map((item) => item.trim()) ?? []
  if (items.length === 0 || items.length > MOST) return null
  const spans: Span[] = []
  for (const item of items) {
    const [, first = '', last = ''] = /^(\d*)-(\d*)$/.exec(item) ?? []
    const isSuffix = first === ''
    if ((isSuffix && last === '') || (!isSuffix && last !== '' && Number(first) > Number(last))) return null
    // The end of a file that is shorter than it, or empty, is all of it.
    const start = isSuffix ? Math.max(0, size - Number(last)) : Number(first)
    const end = isSuffix || last === '' ? size : Math.min(size, Number(last) + 1)
    if (isSuffix && size === 0 && Number(last) > 0) return null
    if (start < end) spans.push({ start, end })
  }
  return joined(spans.toSorted((a, b) => a.start - b.start))
}

/** The one span that they make together. */
function joined([first, ...others]: readonly Span[]): Span | 'none-fits' | null {
  if (first === undefined) return 'none-fits'
  let { end } = first
  for (const span of others) {
    if (span.start > end) return null
    end = Math.max(end, span.end)
  }
  return { start: first.start, end }
}
