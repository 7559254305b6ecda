import type { Address, AddressRange } from '../../contract/address'
import { atOnce } from '../../contract/steps'
import { RangeList } from './range-map'

/** Addresses of both families, so that a look-up costs a binary search. */
export interface RangeSet {
  has(address: Address): boolean
}

/** Compiles ranges in any order, overlapping or not. */
export function rangeSet(ranges: readonly AddressRange[]): RangeSet {
  const list = new RangeList()
  for (const range of ranges) list.add(range, 0)
  const map = atOnce(list.map())
  return { has: (address) => map.find(address) !== -1 }
}
