import type { Steps } from '../../contract/steps'

/** Ranges of one family as they were added. */
export interface OwnedRanges {
  readonly count: number
  /** Words of an address: one of IPv4, four of IPv6, the most significant first. */
  readonly width: 1 | 4
  readonly firsts: Uint32Array
  readonly lasts: Uint32Array
  readonly owners: Uint32Array
}

/** The same as sorted, disjoint segments with one owner each. */
export interface Segments {
  readonly count: number
  readonly width: 1 | 4
  readonly starts: Uint32Array
  readonly ends: Uint32Array
  readonly owners: Uint32Array
  /** 1 where another owner’s range holds addresses of the segment, too. */
  readonly shared: Uint8Array
}

const NONE = new Uint32Array(0)

/** So many rounds of the short loops below are made between two stops. */
const PER_STEP = 8_192
/** So many ranges are swept over. */
const SWEPT_PER_STEP = 1_024

/**
 * Cuts ranges that overlap into segments, each of which belongs to the smallest owner of the ranges it lies in: a sweep from
 * the smallest address to the largest with a heap of the owners whose ranges are open. Each range opens one segment and ends
 * one at most, so there are never more than twice as many.
 */
export function* ownedSegments(ranges: OwnedRanges): Steps<Segments> {
  const { count, width } = ranges
  if (count === 0) return { count: 0, width, starts: NONE, ends: NONE, owners: NONE, shared: new Uint8Array(0) }
  const sweep = new Sweep(ranges, yield* sorted(ranges))
  for (let place = 0; place < count; place += SWEPT_PER_STEP) {
    sweep.over(place, Math.min(count, place + SWEPT_PER_STEP))
    yield
  }
  return sweep.end()
}

/** The way from the smallest address to the largest. */
class Sweep {
  private readonly result: SegmentWriter
  private readonly open: OpenRanges
  /** Everything below it is written. */
  private readonly cursor: Uint32Array
  private readonly before: Uint32Array

  constructor(
    private readonly ranges: OwnedRanges,
    private readonly order: Uint32Array,
  ) {
    this.result = new SegmentWriter(ranges.width, ranges.count)
    this.open = new OpenRanges(ranges.owners)
    this.cursor = new Uint32Array(ranges.width)
    this.before = new Uint32Array(ranges.width)
  }

  /** Opens ranges in the order of their first addresses. */
  over(from: number, to: number): void {
    const { width, firsts } = this.ranges
    for (let place = from; place < to; place++) {
      const range = this.order[place] ?? 0
      this.writeUpTo(range)
      copy(firsts, range * width, this.cursor, width)
      this.open.add(range)
    }
  }

  /** What is open still goes on to its end. */
  end(): Segments {
    this.writeUpTo(null)
    return this.result.done()
  }

  /** What is open goes on up to where the next range begins; `next` null: there is none. */
  private writeUpTo(next: number | null): void {
    const { open, cursor, before, result } = this
    const { width, firsts, lasts, owners } = this.ranges
    for (let top = open.smallest(); top !== -1; top = open.smallest()) {
      const at = top * width
      if (compare(lasts, at, cursor, 0, width) < 0) {
        open.drop()
        continue
      }
      if (next !== null) {
        if (compare(cursor, 0, firsts, next * width, width) === 0) return
        copy(firsts, next * width, before, width)
        step(before, -1)
        if (compare(before, 0, lasts, at, width) < 0) return result.add(cursor, before, 0, owners[top] ?? 0, open.isShared)
      }
      result.add(cursor, lasts, at, owners[top] ?? 0, open.isShared)
      open.drop()
      copy(lasts, at, cursor, width)
      // Behind the last address of all nothing is left.
      if (!step(cursor, 1)) return open.clear()
    }
  }
}

/** The places of the ranges in the order of their first addresses: by one byte after the other from the least significant (radix sort). */
function* sorted({ count, width, firsts }: OwnedRanges): Steps<Uint32Array> {
  let order = new Uint32Array(count)
  let next = new Uint32Array(count)
  for (let place = 0; place < count; place++) order[place] = place
  const sums = new Uint32Array(256)
  for (let byte = 0; byte < 4 * width; byte++) {
    const digits: Digits = { firsts, width, word: width - 1 - (byte >> 2), shift: 8 * (byte & 3) }
    sums.fill(0)
    for (let place = 0; place < count; place += PER_STEP) {
      countDigits(digits, place, Math.min(count, place + PER_STEP), sums)
      yield
    }
    // Where all have the same byte, as the hosts’ part of blocks, they are in order already.
    if (sums.includes(count)) continue
    sumUp(sums)
    for (let place = 0; place < count; place += PER_STEP) {
      moveByDigit(digits, order, place, Math.min(count, place + PER_STEP), sums, next)
      yield
    }
    ;[order, next] = [next, order]
  }
  return order
}

/** One byte of each range’s first address. */
interface Digits {
  readonly firsts: Uint32Array
  readonly width: number
  readonly word: number
  readonly shift: number
}

function countDigits({ firsts, width, word, shift }: Digits, from: number, to: number, sums: Uint32Array): void {
  for (let range = from; range < to; range++) {
    const digit = ((firsts[range * width + word] ?? 0) >>> shift) & 0xff
    sums[digit] = (sums[digit] ?? 0) + 1
  }
}

/** Of how many there are of each digit, where the first of it goes. */
function sumUp(sums: Uint32Array): void {
  let sum = 0
  for (let digit = 0; digit < sums.length; digit++) {
    const here = sums[digit] ?? 0
    sums[digit] = sum
    sum += here
  }
}

function moveByDigit(
  { firsts, width, word, shift }: Digits,
  order: Uint32Array,
  from: number,
  to: number,
  sums: Uint32Array,
  next: Uint32Array,
): void {
  for (let place = from; place < to; place++) {
    const range = order[place] ?? 0
    const digit = ((firsts[range * width + word] ?? 0) >>> shift) & 0xff
    const at = sums[digit] ?? 0
    next[at] = range
    sums[digit] = at + 1
  }
}

/** A heap of ranges, the one with the smallest owner on top. */
class OpenRanges {
  private readonly heap: number[] = []

  constructor(private readonly owners: Uint32Array) {}

  /** More than one: some may have ended already, which are dropped when they come to the top. */
  get isShared(): boolean {
    return this.heap.length > 1
  }

  clear(): void {
    this.heap.length = 0
  }

  smallest(): number {
    return this.heap[0] ?? -1
  }

  add(range: number): void {
    const { heap } = this
    let at = heap.push(range) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.owner(parent) <= this.owner(at)) return
      this.swap(at, parent)
      at = parent
    }
  }

  drop(): void {
    const { heap } = this
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    heap[0] = last
    for (let at = 0; ;) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && this.owner(child) < this.owner(least)) least = child
      if (least === at) return
      this.swap(at, least)
      at = least
    }
  }

  private owner(at: number): number {
    return this.owners[this.heap[at] ?? 0] ?? 0
  }

  private swap(a: number, b: number): void {
    const { heap } = this
    const here = heap[a] ?? 0
    heap[a] = heap[b] ?? 0
    heap[b] = here
  }
}

/** Writes segments in order; neighbours of one owner are one. */
class SegmentWriter {
  private count = 0
  private readonly starts: Uint32Array
  private readonly ends: Uint32Array
  private readonly owners: Uint32Array
  private readonly shared: Uint8Array
  private readonly behind: Uint32Array

  constructor(
    private readonly width: 1 | 4,
    ranges: number,
  ) {
    this.starts = new Uint32Array(2 * ranges * width)
    this.ends = new Uint32Array(2 * ranges * width)
    this.owners = new Uint32Array(2 * ranges)
    this.shared = new Uint8Array(2 * ranges)
    this.behind = new Uint32Array(width)
  }

  add(start: Uint32Array, ends: Uint32Array, at: number, owner: number, isShared: boolean): void {
    const { width } = this
    const last = this.count - 1
    const joins = last >= 0 && this.owners[last] === owner && compare(this.behind, 0, start, 0, width) === 0
    const place = joins ? last : this.count++
    for (let word = 0; word < width; word++) {
      if (!joins) this.starts[place * width + word] = start[word] ?? 0
      this.ends[place * width + word] = ends[at + word] ?? 0
    }
    this.owners[place] = owner
    if (isShared) this.shared[place] = 1
    copy(ends, at, this.behind, width)
    step(this.behind, 1)
  }

  done(): Segments {
    const { count, width } = this
    return {
      count,
      width,
      starts: this.starts.slice(0, count * width),
      ends: this.ends.slice(0, count * width),
      owners: this.owners.slice(0, count),
      shared: this.shared.slice(0, count),
    }
  }
}

function compare(a: Uint32Array, at: number, b: Uint32Array, from: number, width: number): number {
  for (let word = 0; word < width; word++) {
    const difference = (a[at + word] ?? 0) - (b[from + word] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function copy(from: Uint32Array, at: number, to: Uint32Array, width: number): void {
  for (let word = 0; word < width; word++) to[word] = from[at + word] ?? 0
}

/** The next address, or the one before; false where there is none. */
function step(words: Uint32Array, by: 1 | -1): boolean {
  for (let word = words.length - 1; word >= 0; word--) {
    const value = (words[word] ?? 0) + by
    words[word] = value
    if (value >= 0 && value <= 0xffff_ffff) return true
  }
  return false
}
