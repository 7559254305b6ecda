import { parseRange, type Address, type AddressRange } from '../../contract/address'
import { isAddressPreset, type Access, type AccessList, type Blocked } from '../../contract/config/access'
import type { Interfaces } from './interfaces'
import { FIXED_PRESETS } from './presets'
import { rangeSet, type RangeSet } from './range-set'

type Action = 'allow' | 'deny'

/** What the rules say of an address. */
export interface AccessDecision {
  readonly action: Action
  /** Which part of the rules decided, in words. */
  readonly because: string
}

/** A service's rules, ready to be asked. */
export type AccessDecider = (address: Address | null) => AccessDecision

/** A run of neighbouring rules with one action: their order among themselves does not matter, so they are one set. */
interface Run {
  readonly action: Action
  readonly set: RangeSet
  readonly thisNetwork: boolean
}

/** Compiles a service's rules: in order, the first match decides; an address that cannot be read is denied. */
export function compileAccess(access: Access, lists: readonly AccessList[], interfaces: Interfaces): AccessDecider {
  const runs = toRuns(flatten(access, lists))
  const fallback: Action = access.default ?? (runs.some((run) => run.action === 'allow') ? 'deny' : 'allow')
  return (address) => {
    if (address === null) return { action: 'deny', because: 'the client’s address could not be read' }
    for (const run of runs) {
      if (run.set.has(address) || (run.thisNetwork && interfaces.networks.has(address))) return { action: run.action, because: `a rule of the service says ${run.action}` }
    }
    return { action: fallback, because: runs.length === 0 ? 'the service has no rules' : `no rule of the service matches, and everyone else is ${fallback === 'deny' ? 'denied' : 'allowed'}` }
  }
}

/** The whole gateway's block list; entries end by themselves. Returns the reason, or null where nothing blocks. */
export function compileBlocked(blocked: readonly Blocked[], interfaces: Interfaces): (address: Address | null, now: number) => string | null {
  const entries = blocked.map(({ from, until, reason }) => ({
    set: rangeSet(rangesOf(from)),
    thisNetwork: from === 'this-network',
    until: until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until),
    reason: reason === undefined ? 'the address is blocked' : `the address is blocked: ${reason}`,
  }))
  return (address, now) => {
    if (address === null) return null
    const hit = entries.find((entry) => now < entry.until && (entry.set.has(address) || (entry.thisNetwork && interfaces.networks.has(address))))
    return hit?.reason ?? null
  }
}

function flatten(access: Access, lists: readonly AccessList[]): { action: Action; from: string }[] {
  return access.rules.flatMap(({ action, from, list }) => {
    if (list !== undefined) return lists.find(({ id }) => id === list)?.rules ?? []
    return action === undefined || from === undefined ? [] : [{ action, from }]
  })
}

function toRuns(rules: readonly { action: Action; from: string }[]): Run[] {
  const groups: { action: Action; from: string[] }[] = []
  for (const { action, from } of rules) {
    const last = groups.at(-1)
    if (last?.action === action) last.from.push(from)
    else groups.push({ action, from: [from] })
  }
  return groups.map(({ action, from }) => ({ action, set: rangeSet(from.flatMap(rangesOf)), thisNetwork: from.includes('this-network') }))
}

function rangesOf(from: string): readonly AddressRange[] {
  if (!isAddressPreset(from)) return [parseRange(from)].filter((range) => range !== null)
  return from === 'this-network' ? [] : FIXED_PRESETS[from]
}
