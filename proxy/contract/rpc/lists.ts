import type { Frame, ListPlace } from './transport'

/**
 * A list longer than this goes ahead of the frame it belongs to, in pieces: a frame is written and read at one go, and one
 * with 300,000 networks takes a fifth of a second at each end.
 */
const LONG = 500
const PIECE = 500
/** So many pieces go between two pauses: some milliseconds' work at either end. */
const PIECES_PER_TURN = 8
/** Lists that lie deeper are sent as they are; the configuration's lie six deep at most. */
const DEPTH = 8

type At = readonly (string | number)[]

interface Found {
  readonly at: At
  readonly items: readonly unknown[]
}

/** What is to be sent: the frame of a value, told where its lists belong. */
export type Framed = (value: unknown, lists: ListPlace[]) => Frame

interface Sending {
  readonly rest: unknown
  readonly found: readonly Found[]
  readonly framed: Framed
  readonly kept: string | null
}

/** Sends values whose long lists the other side gets in pieces, or has already. */
export class ListSender {
  #last = 0
  /** Lists that the other side keeps, by themselves, and for which call. */
  readonly #kept = new Map<readonly unknown[], { readonly list: number; readonly call: string }>()
  #sending: Promise<void> = Promise.resolve()
  #waiting = 0

  /** `turn` lets the process do what else there is. */
  constructor(
    private readonly send: (frame: Frame) => void,
    private readonly turn: () => Promise<void>,
  ) {}

  /**
   * Sends the frame of a value: at once, or after its lists. `kept`: the name of a call whose lists the other side keeps until the
   * next call of that name, so that what has not changed is not sent again; such calls arrive in the order they were made in.
   */
  deliver(value: unknown, framed: Framed, kept: string | null = null): void {
    const found: Found[] = []
    const rest = withoutLists(value, [], found)
    if (found.length === 0 && (kept === null || (this.#waiting === 0 && this.#kept.size === 0))) return this.send(framed(value, []))
    this.#waiting++
    this.#sending = this.#sendAll(this.#sending, { rest, found, framed, kept })
  }

  async #sendAll(earlier: Promise<void>, { rest, found, framed, kept }: Sending): Promise<void> {
    await earlier
    const lists: ListPlace[] = []
    for (const { at, items } of found) lists.push({ at: [...at], list: this.#kept.get(items)?.list ?? (await this.#sendList(items)) })
    this.send(framed(rest, lists))
    const used = new Set(lists.map(({ list }) => list))
    if (kept !== null) {
      for (const [items, known] of this.#kept) {
        if (known.call === kept && !used.has(known.list)) this.#kept.delete(items)
        used.add(known.list)
      }
      for (const [index, { items }] of found.entries()) this.#kept.set(items, { list: lists[index]?.list ?? 0, call: kept })
    }
    for (const { list } of this.#kept.values()) used.delete(list)
    if (used.size > 0) this.send({ kind: 'forget', lists: [...used] })
    this.#waiting--
  }

  async #sendList(items: readonly unknown[]): Promise<number> {
    const list = ++this.#last
    for (let start = 0, pieces = 1; start < items.length; start += PIECE, pieces++) {
      this.send({ kind: 'items', list, items: items.slice(start, start + PIECE) })
      if (pieces % PIECES_PER_TURN === 0) await this.turn()
    }
    return list
  }
}

/** Puts lists that came in pieces into what they belong to. */
export class ListReceiver {
  readonly #lists = new Map<number, unknown[]>()

  /** Takes a piece of a list, or forgets lists that are of no more use. */
  take(frame: Extract<Frame, { kind: 'items' | 'forget' }>): void {
    if (frame.kind === 'forget') {
      for (const list of frame.lists) this.#lists.delete(list)
      return
    }
    const known = this.#lists.get(frame.list)
    if (known === undefined) this.#lists.set(frame.list, frame.items)
    else for (const item of frame.items) known.push(item)
  }

  /** The value with its lists: the very same ones where they were kept. */
  whole(value: unknown, lists: readonly ListPlace[] = []): unknown {
    for (const { at, list } of lists) {
      const holder = at.slice(0, -1).reduce<unknown>((inner, key) => (isObject(inner) ? Reflect.get(inner, key) : undefined), value)
      const key = at.at(-1)
      if (key === undefined) return this.#lists.get(list)
      if (isObject(holder)) Reflect.set(holder, key, this.#lists.get(list))
    }
    return value
  }
}

/** The value with null in the place of each long list; what holds none is the very same. */
function withoutLists(value: unknown, at: At, found: Found[]): unknown {
  if (!isObject(value) || at.length > DEPTH) return value
  if (Array.isArray(value)) {
    if (value.length > LONG) {
      found.push({ at, items: value })
      return null
    }
    const items = value.map((item: unknown, index) => withoutLists(item, [...at, index], found))
    return items.every((item, index) => item === value[index]) ? value : items
  }
  const entries = Object.entries(value).map(([key, item]) => [key, withoutLists(item, [...at, key], found), item] as const)
  return entries.every(([, item, before]) => item === before) ? value : Object.fromEntries(entries)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
