import { parseRange, type Address, type AddressRange } from '../../contract/address'
import { isAddressPreset, type Access, type AccessList, type Blocked } from '../../contract/config/access'
import type { Interfaces } from './interfaces'
import { FIXED_PRESETS } from './presets'
import { rangeSet, type RangeSet } from './range-set'

type Action = 'allow' | 'deny'

/** A service's rules, ready to be asked. */
export interface AccessRules {
  /** The first rule that matches decides; an address that cannot be read is denied. */
  decide(address: Address | null): Action
  /** What decided, in words: "rule 2 (deny 192.168.1.66)". Slower than `decide`; for what people read. */
  because(address: Address | null): string
}

/** One rule, or one of a list that a rule stands for. */
interface Rule {
  readonly action: Action
  readonly from: string
  /** "rule 2 (deny 192.168.1.66)". */
  readonly words: string
}

/** A run of neighbouring rules with one action: their order among themselves does not matter, so they are one set. */
interface Run {
  readonly action: Action
  readonly set: RangeSet
  readonly thisNetwork: boolean
}

/** Compiles a service's rules. */
export function compileAccess(access: Access, lists: readonly AccessList[], interfaces: Interfaces): AccessRules {
  const rules = flatten(access, lists)
  const runs = toRuns(rules)
  const fallback: Action = access.default ?? (runs.some((run) => run.action === 'allow') ? 'deny' : 'allow')
  const matches = ({ set, thisNetwork }: Run, address: Address): boolean => set.has(address) || (thisNetwork && interfaces.networks.has(address))
  return {
    decide(address) {
      if (address === null) return 'deny'
      for (const run of runs) if (matches(run, address)) return run.action
      return fallback
    },
    because(address) {
      if (address === null) return 'the client’s address could not be read'
      const rule = rules.find((one) => toRuns([one]).some((run) => matches(run, address)))
      if (rule !== undefined) return rule.words
      return rules.length === 0 ? 'the service has no rules' : `no rule of the service matches, and everyone else is ${fallback === 'deny' ? 'denied' : 'allowed'}`
    },
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

function flatten(access: Access, lists: readonly AccessList[]): Rule[] {
  return access.rules.flatMap(({ action, from, list }, index) => {
    if (list !== undefined) return (lists.find(({ id }) => id === list)?.rules ?? []).map((rule) => ({ ...rule, words: `rule ${index + 1} (list ${list}: ${rule.action} ${rule.from})` }))
    return action === undefined || from === undefined ? [] : [{ action, from, words: `rule ${index + 1} (${action} ${from})` }]
  })
}

function toRuns(rules: readonly Rule[]): Run[] {
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
