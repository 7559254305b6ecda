import type { Steps } from '../../contract/steps'

/** Text is parsed in pieces of about this length: some tenths of a millisecond each. */
const PIECE = 32 * 1024
/** The configuration lies seven deep; what walks over it may count on less than this. */
export const DEEPEST = 64

export type Fault =
  | 'ValueExpected'
  | 'PropertyNameExpected'
  | 'ColonExpected'
  | 'CommaExpected'
  | 'CloseBraceExpected'
  | 'CloseBracketExpected'

/** Where the text is no JSON, and what of; `within`: this piece of it, which has to be looked at, is not. */
export class NotJson extends Error {
  constructor(
    readonly kind: Fault | 'within' | 'repeated' | 'deep',
    readonly offset: number,
    readonly end = offset,
  ) {
    super(`not JSON: ${kind} at ${offset}`)
  }
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_LIST = 0x5b
const BACKSLASH = 0x5c
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Parses JSON piece by piece, with the platform’s own parser for each: 20 MB at once would take a process a tenth of a
 * second from everything else it does. Throws `NotJson`, also where a key stands twice, of which JSON’s parsers keep the last
 * without a word, or where too many lists lie within one another.
 */
export function* jsonInPieces(text: string): Steps<unknown> {
  return yield* new Pieces(text).whole()
}

/** Where the value at a place of a JSON text begins, or the nearest thing around it that is there. */
export function offsetOf(text: string, segments: readonly (string | number)[]): number {
  const pieces = new Pieces(text)
  pieces.skipBlanks()
  let offset = pieces.at
  for (const segment of segments) {
    if (!pieces.enter(segment)) return offset
    offset = pieces.at
  }
  return offset
}

class Pieces {
  at = 0
  /** Structural colons of the value that `endOf` went over last: as many keys as there are in it. */
  #colons = 0

  constructor(private readonly text: string) {}

  *whole(): Steps<unknown> {
    const value = yield* this.#value(0)
    this.skipBlanks()
    if (this.at < this.text.length) throw new NotJson('within', this.at, this.text.length)
    return value
  }

  skipBlanks(): void {
    const { text } = this
    for (let code = text.charCodeAt(this.at); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;)
      code = text.charCodeAt(++this.at)
  }

  /** Goes from a list or object to its item or member; false where it has none such. */
  enter(segment: string | number): boolean {
    const isList = this.text.charCodeAt(this.at) === OPEN_LIST
    if (!isList && this.text.charCodeAt(this.at) !== OPEN_OBJECT) return false
    const before = this.at++
    for (let index = 0; ; index++) {
      this.skipBlanks()
      const code = this.text.charCodeAt(this.at)
      if (code === CLOSE_LIST || code === CLOSE_OBJECT) break
      const key = isList ? index : this.#key()
      this.skipBlanks()
      if (key === segment) return true
      this.at = this.#endOf(this.at, Number.POSITIVE_INFINITY)
      this.skipBlanks()
      if (this.text.charCodeAt(this.at) === COMMA) this.at++
    }
    this.at = before
    return false
  }

  *#value(depth: number): Steps<unknown> {
    yield
    this.skipBlanks()
    const start = this.at
    const end = this.#endOf(start, PIECE)
    if (end !== -1) return this.#piece(start, end)
    if (depth === DEEPEST) throw new NotJson('deep', start)
    const code = this.text.charCodeAt(start)
    if (code === OPEN_OBJECT) return yield* this.#object(depth)
    if (code === OPEN_LIST) return yield* this.#list(depth)
    return this.#piece(start, this.#endOf(start, Number.POSITIVE_INFINITY))
  }

  *#object(depth: number): Steps<unknown> {
    const members = new Map<string, unknown>()
    this.at++
    for (;;) {
      this.skipBlanks()
      const start = this.at
      if (members.size === 0 && this.#takes(CLOSE_OBJECT)) break
      const key = this.#key()
      if (members.has(key)) throw new NotJson('repeated', start, this.text.indexOf('"', start + 1) + 1)
      members.set(key, yield* this.#value(depth + 1))
      this.skipBlanks()
      if (this.#takes(CLOSE_OBJECT)) break
      this.#expect(COMMA, 'CommaExpected', 'CloseBraceExpected')
    }
    // As JSON.parse does it: `__proto__` is a key like any other.
    return Object.fromEntries(members)
  }

  *#list(depth: number): Steps<unknown> {
    const items: unknown[] = []
    this.at++
    this.skipBlanks()
    if (this.#takes(CLOSE_LIST)) return items
    for (;;) {
      this.skipBlanks()
      const several = this.#someItems(items)
      if (!several) items.push(yield* this.#value(depth + 1))
      this.skipBlanks()
      if (this.#takes(CLOSE_LIST)) return items
      this.#expect(COMMA, 'CommaExpected', 'CloseBracketExpected')
      yield
    }
  }

  /** Takes as many items as fit in one piece; false where the next alone does not. */
  #someItems(items: unknown[]): boolean {
    const start = this.at
    let end = -1
    let colons = 0
    for (;;) {
      const next = this.#endOf(this.at, PIECE)
      if (next === -1) break
      colons += this.#colons
      this.at = next
      end = next
      this.skipBlanks()
      if (end - start > PIECE || this.text.charCodeAt(this.at) !== COMMA) break
      this.at++
      this.skipBlanks()
    }
    if (end === -1) return false
    this.at = end
    this.#colons = colons
    const found = this.#parsed(start, end, `[${this.text.slice(start, end)}]`)
    if (!Array.isArray(found)) throw new NotJson('within', start, end)
    for (const item of found) items.push(item)
    return true
  }

  #piece(start: number, end: number): unknown {
    this.at = end
    return this.#parsed(start, end, this.text.slice(start, end))
  }

  #parsed(start: number, end: number, json: string): unknown {
    const keys = this.#colons
    let value: unknown
    try {
      value = JSON.parse(json)
    } catch {
      throw new NotJson('within', start, end) // by somebody who can say where
    }
    if (keysIn(value) !== keys) throw new NotJson('within', start, end)
    return value
  }

  #key(): string {
    const start = this.at
    if (this.text.charCodeAt(start) !== QUOTE)
      throw new NotJson(start < this.text.length ? 'PropertyNameExpected' : 'CloseBraceExpected', start)
    const key = this.#piece(start, this.#endOf(start, Number.POSITIVE_INFINITY))
    this.skipBlanks()
    this.#expect(COLON, 'ColonExpected', 'ColonExpected')
    return String(key)
  }

  #takes(code: number): boolean {
    const isThere = this.text.charCodeAt(this.at) === code
    if (isThere) this.at++
    return isThere
  }

  #expect(code: number, fault: Fault, atEnd: Fault): void {
    if (!this.#takes(code)) throw new NotJson(this.at < this.text.length ? fault : atEnd, this.at)
  }

  /** Where the value that begins here ends, by its brackets and quotes alone; -1: further away than `limit`. */
  #endOf(start: number, limit: number): number {
    const { text } = this
    const stop = Math.min(text.length, start + limit)
    let depth = 0
    let colons = 0
    let at = start
    while (at < stop) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        at = endOfString(text, at)
        if (at === -1) throw new NotJson('within', start, text.length)
      } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
        if (++depth > DEEPEST) throw new NotJson('deep', at)
        at++
      } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) {
        if (depth === 0) break
        depth--
        at++
      } else if (code === COMMA || code === COLON || code <= 0x20) {
        if (depth === 0) break
        if (code === COLON) colons++
        at++
      } else at++
      if (depth === 0 && (code === QUOTE || code === CLOSE_LIST || code === CLOSE_OBJECT)) break
    }
    this.#colons = colons
    if (depth > 0 && at >= stop) {
      if (stop === text.length) throw new NotJson('within', start, text.length)
      return -1
    }
    if (at === start) throw new NotJson('ValueExpected', start)
    return at
  }
}

/** The place behind a string’s closing quote; -1 where it has none. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++
    if (slashes % 2 === 0) return quote + 1
  }
  return -1
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) for (const item of value) count += keysIn(item)
  else {
    const members: unknown[] = Object.values(value)
    count += members.length
    for (const member of members) count += keysIn(member)
  }
  return count
}
