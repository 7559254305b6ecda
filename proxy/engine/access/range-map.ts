import type { Address, AddressRange } from '../../contract/address'
import { readRange } from '../../contract/address-words'
import type { Steps } from '../../contract/steps'
import { ownedSegments, type Segments } from './segments'

/** Addresses of both families with whose they are, held as sorted, disjoint segments, so that a look-up costs a binary search. */
export interface RangeMap {
  /** The owner of the address: of several the one that was added under the smallest number; -1: nobody's. */
  find(address: Address): number
  /** Its other owners, the smallest number first. A walk through all ranges where there are any. */
  others(address: Address): readonly number[]
}

/** Ranges of both families, as words in arrays that grow: 300,000 of them take 11 MB, and no object each. */
export class RangeList {
  private readonly families = { 4: new Words(1), 6: new Words(4) }

  /** Adds an address, block or range under an owner's number; what is none of them is passed over. */
  addText(text: string, owner: number): void {
    const family = readRange(text, scratch)
    if (family !== 0) this.families[family].add(scratch, owner)
  }

  add({ family, first, last }: AddressRange, owner: number): void {
    toWords(first, scratch, 0)
    toWords(last, scratch, 4)
    this.families[family].add(scratch, owner)
  }

  /** Sorts and joins them, in time that grows with their number alone (sorting is by digit). */
  *map(): Steps<RangeMap> {
    const { families } = this
    const segments = { 4: yield* ownedSegments(families[4]), 6: yield* ownedSegments(families[6]) }
    const placeOf = ({ family, value }: Address): number =>
      segments[family].count === 0 ? -1 : search(segments[family], soughtWords(family, value))
    return {
      find(address) {
        const place = placeOf(address)
        return place === -1 ? -1 : (segments[address.family].owners[place] ?? -1)
      },
      others(address) {
        const place = placeOf(address)
        const { shared, owners } = segments[address.family]
        if (place === -1 || shared[place] === 0) return []
        return families[address.family].owning(soughtWords(address.family, address.value)).filter((owner) => owner !== owners[place])
      },
    }
  }
}

/** What is read or sought lies here for the moment: nothing waits in between. */
const scratch = new Uint32Array(8)
const sought = new Uint32Array(1)
const sought6 = new Uint32Array(4)
/** The IPv6 address that lies there: one client is looked for in several lists, one after the other. */
let soughtValue = 0n

function soughtWords(family: 4 | 6, value: bigint): Uint32Array {
  if (family === 4) sought[0] = Number(value)
  else if (value !== soughtValue) {
    toWords(value, sought6, 0)
    soughtValue = value
  }
  return family === 4 ? sought : sought6
}

function toWords(value: bigint, words: Uint32Array, at: number): void {
  words[at + 3] = Number(value & 0xffff_ffffn)
  words[at + 2] = Number((value >> 32n) & 0xffff_ffffn)
  words[at + 1] = Number((value >> 64n) & 0xffff_ffffn)
  words[at] = Number(value >> 96n)
}

/** The place of the segment that holds an address, or -1. */
function search({ count, width, starts, ends }: Segments, wanted: Uint32Array): number {
  let low = 0
  let high = count - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if (isLess(wanted, starts, middle * width, width)) high = middle - 1
    else if (isMore(wanted, ends, middle * width, width)) low = middle + 1
    else return middle
  }
  return -1
}

function isLess(wanted: Uint32Array, words: Uint32Array, at: number, width: number): boolean {
  for (let word = 0; word < width; word++) {
    const a = wanted[word] ?? 0
    const b = words[at + word] ?? 0
    if (a !== b) return a < b
  }
  return false
}

function isMore(wanted: Uint32Array, words: Uint32Array, at: number, width: number): boolean {
  for (let word = 0; word < width; word++) {
    const a = wanted[word] ?? 0
    const b = words[at + word] ?? 0
    if (a !== b) return a > b
  }
  return false
}

const NONE = new Uint32Array(0)

/** Ranges of one family, `width` words for each end. */
class Words {
  count = 0
  firsts = NONE
  lasts = NONE
  owners = NONE

  constructor(readonly width: 1 | 4) {}

  /** `range`: four words of the first address and four of the last. */
  add(range: Uint32Array, owner: number): void {
    if (this.count === this.owners.length) this.grow()
    const { width } = this
    const at = this.count * width
    for (let word = 0; word < width; word++) {
      this.firsts[at + word] = range[4 - width + word] ?? 0
      this.lasts[at + word] = range[8 - width + word] ?? 0
    }
    this.owners[this.count++] = owner
  }

  /** The owners of every range that holds an address, in order. */
  owning(wanted: Uint32Array): number[] {
    const { count, width, firsts, lasts, owners } = this
    const found: number[] = []
    for (let range = 0; range < count; range++) {
      const isOut = isLess(wanted, firsts, range * width, width) || isMore(wanted, lasts, range * width, width)
      if (!isOut) found.push(owners[range] ?? 0)
    }
    return found.toSorted((a, b) => a - b)
  }

  private grow(): void {
    const room = Math.max(4, 2 * this.count)
    this.firsts = withRoom(this.firsts, room * this.width)
    this.lasts = withRoom(this.lasts, room * this.width)
    this.owners = withRoom(this.owners, room)
  }
}

function withRoom(words: Uint32Array, room: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(room)
  larger.set(words)
  return larger
}
