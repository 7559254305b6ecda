import type { Address } from '../../contract/address'
import type { Blocked } from '../../contract/config/access'
import { endOf, sourceOf, type AccessSurroundings } from './compile-access'
import { rangeSet, type RangeSet } from './range-set'

/** The whole gateway's block list, ready to be asked. */
export interface BlockList {
  /** The place of the entry that blocks, or -1. `now` in epoch ms. */
  find(address: Address | null, now: number): number
  /** Why that entry blocks, in words. */
  because(index: number): string
  readonly timed: boolean
}

interface Entry {
  readonly set: RangeSet
  readonly thisNetwork: boolean
  readonly vpn: boolean
  readonly until: number
  readonly words: string
}

/** Compiles the list. Entries without an end are one set, so that an address that is not blocked costs one binary search. */
export function compileBlocked(blocked: readonly Blocked[], { interfaces, vpnInterfaces }: AccessSurroundings): BlockList {
  const entries: readonly Entry[] = blocked.map(({ from, until, reason }) => ({
    ...sourceOf([from]),
    until: endOf(until),
    words: reason === undefined ? 'the address is blocked' : `the address is blocked: ${reason}`,
  }))
  const plain = (entry: Entry): boolean => entry.until === Number.POSITIVE_INFINITY && !entry.thisNetwork && !entry.vpn
  const lasting = union(blocked.filter((_, index) => entries[index] !== undefined && plain(entries[index])))
  const others = entries.filter((entry) => !plain(entry))
  const matches = ({ set, thisNetwork, vpn, until }: Entry, address: Address, now: number): boolean =>
    now < until &&
    (set.has(address) || (thisNetwork && interfaces.networks.has(address)) || (vpn && interfaces.named(vpnInterfaces).has(address)))
  return {
    timed: entries.some(({ until }) => until !== Number.POSITIVE_INFINITY),
    because: (index) => entries[index]?.words ?? 'the address is blocked',
    find(address, now) {
      if (address === null || entries.length === 0) return -1
      let hit = lasting.has(address)
      for (let index = 0; !hit && index < others.length; index++) {
        const entry = others[index]
        hit = entry !== undefined && matches(entry, address, now)
      }
      return hit ? entries.findIndex((entry) => matches(entry, address, now)) : -1
    },
  }
}

function union(blocked: readonly Blocked[]): RangeSet {
  return blocked.length === 0 ? rangeSet([]) : sourceOf(blocked.map(({ from }) => from)).set
}
