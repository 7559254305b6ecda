import type { Address, AddressRange } from '../../contract/address'

/** Addresses of both families, held as sorted, disjoint ranges, so that a look-up costs a binary search. */
export interface RangeSet {
  has(address: Address): boolean
}

/** Compiles ranges in any order, overlapping or not. */
export function rangeSet(ranges: readonly AddressRange[]): RangeSet {
  const byFamily = { 4: merged(ranges, 4), 6: merged(ranges, 6) }
  return { has: (address) => holds(byFamily[address.family], address.value) }
}

function merged(ranges: readonly AddressRange[], family: 4 | 6): readonly AddressRange[] {
  const sorted = ranges.filter((range) => range.family === family).toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0))
  const result: AddressRange[] = []
  for (const range of sorted) {
    const last = result.at(-1)
    if (last === undefined || range.first > last.last + 1n) result.push(range)
    else if (range.last > last.last) result[result.length - 1] = { ...last, last: range.last }
  }
  return result
}

function holds(ranges: readonly AddressRange[], value: bigint): boolean {
  let low = 0
  let high = ranges.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = ranges[middle]
    if (range === undefined) return false
    if (value < range.first) high = middle - 1
    else if (value > range.last) low = middle + 1
    else return true
  }
  return false
}
