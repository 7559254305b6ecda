import type { Address } from '../../contract/address'
import type { Blocked } from '../../contract/config/access'
import type { Steps } from '../../contract/steps'
import { compileRules, type AccessSurroundings } from './rule-set'

/** The whole gateway's block list, ready to be asked. */
export interface BlockList {
  /** The place of the first entry that blocks, or -1. `now` in epoch ms. */
  find(address: Address | null, now: number): number
  /** Why that entry blocks, in words. */
  because(index: number): string
  /** Whom that entry names. */
  from(index: number): string
  readonly timed: boolean
}

/** Compiles the list: a blocked address costs as little as one that is not, however long it is. */
export function* compileBlocked(blocked: readonly Blocked[], surroundings: AccessSurroundings): Steps<BlockList> {
  const rules = yield* compileRules(blocked)
  return {
    timed: rules.timed,
    find: (address, now) => (address === null || blocked.length === 0 ? -1 : rules.first(address, now, surroundings)),
    because(index) {
      const reason = blocked[index]?.reason
      return reason === undefined ? 'the address is blocked' : `the address is blocked: ${reason}`
    },
    from: (index) => blocked[index]?.from ?? '',
  }
}
