import { parseRange, rangeHolds, type Address, type AddressRange } from '../../contract/address'
import { isAddressPreset, type Access, type AccessList } from '../../contract/config/access'
import type { Interfaces } from './interfaces'
import { FIXED_PRESETS } from './presets'
import { rangeSet, type RangeSet } from './range-set'

/** Addresses whose deciding rule is remembered. */
const MAX_FOUND = 4_096

export type Action = 'allow' | 'deny'

/** A rule as it stands in the document, or one of a list that a rule stands for. */
export interface Rule {
  readonly action: Action
  readonly from: string
  /** Epoch ms; infinite: it does not end. */
  readonly until: number
  /** Its place among the service's rules, from 0. */
  readonly index: number
  readonly list: string | undefined
  /** Its place within that list. */
  readonly listIndex: number | undefined
  readonly name: string | undefined
  readonly ranges: readonly AddressRange[]
  /** "rule 2 (deny 192.168.1.66)". */
  readonly words: string
}

/** A service's rules, ready to be asked. */
export interface AccessRules {
  /** The first rule that matches decides; an address that cannot be read is denied. `now` in epoch ms. */
  decide(address: Address | null, now: number): Action
  /** The rule that decides; null where none matches. Slower than `decide`; for refusals and for what people read. */
  ruleFor(address: Address | null, now: number): Rule | null
  /** What decides, in words. */
  because(address: Address | null, now: number): string
  readonly rules: readonly Rule[]
  /** Whether time alone can change what is decided. */
  readonly timed: boolean
  /** What happens where no rule matches. */
  readonly otherwise: Action
}

/** What a rule's `from` stands for. */
interface Source {
  readonly set: RangeSet
  readonly thisNetwork: boolean
  readonly vpn: boolean
}

/** Neighbouring rules with one action: their order among themselves does not matter, so those without an end are one set. */
interface Run {
  readonly action: Action
  readonly lasting: Source | null
  readonly timed: readonly (Source & { readonly until: number })[]
}

export interface AccessSurroundings {
  readonly interfaces: Interfaces
  /** Interfaces whose subnets count as `vpn`. */
  readonly vpnInterfaces: readonly string[]
}

/** Compiles a service's rules: one binary search for each change of the action, however many rules there are. */
export function compileAccess(
  access: Pick<Access, 'rules' | 'default'>,
  lists: readonly AccessList[],
  { interfaces, vpnInterfaces }: AccessSurroundings,
): AccessRules {
  const rules = flatten(access.rules, lists)
  const runs = toRuns(rules)
  const timed = rules.some(({ until }) => until !== Number.POSITIVE_INFINITY)
  // Rules that have ended count here: where somebody was let in by name, everyone else is not let in when that is over.
  const otherwise: Action = access.default ?? (rules.some((rule) => rule.action === 'allow') ? 'deny' : 'allow')

  function matches(source: Source, address: Address): boolean {
    if (source.set.has(address)) return true
    return (source.thisNetwork && interfaces.networks.has(address)) || (source.vpn && interfaces.named(vpnInterfaces).has(address))
  }

  function hits(run: Run, address: Address, now: number): boolean {
    if (run.lasting !== null && matches(run.lasting, address)) return true
    for (const source of run.timed) if (now < source.until && matches(source, address)) return true
    return false
  }

  function names({ from, ranges }: Rule, address: Address): boolean {
    if (ranges.some((range) => rangeHolds(range, address))) return true
    return (from === 'this-network' && interfaces.networks.has(address)) || (from === 'vpn' && interfaces.named(vpnInterfaces).has(address))
  }

  /** Who is refused again and again must not cost a walk through thousands of rules each time. */
  const found = new Map<bigint, Rule | null>()
  let foundAt = -1

  function ruleFor(address: Address | null, now: number): Rule | null {
    if (address === null) return null
    if (timed) return rules.find((rule) => now < rule.until && names(rule, address)) ?? null
    if (foundAt !== interfaces.version || found.size >= MAX_FOUND) found.clear()
    foundAt = interfaces.version
    const key = address.family === 4 ? -1n - address.value : address.value
    const known = found.get(key)
    if (known !== undefined) return known
    const rule = rules.find((one) => names(one, address)) ?? null
    found.set(key, rule)
    return rule
  }

  return {
    rules,
    otherwise,
    timed,
    ruleFor,
    decide(address, now) {
      if (address === null) return 'deny'
      for (const run of runs) if (hits(run, address, now)) return run.action
      return otherwise
    },
    because(address, now) {
      if (address === null) return 'the client’s address could not be read'
      const rule = ruleFor(address, now)
      if (rule !== null) return rule.words
      return rules.length === 0
        ? 'the service has no rules'
        : `no rule of the service matches, and everyone else is ${otherwise === 'deny' ? 'denied' : 'allowed'}`
    },
  }
}

/** What an address, block, range or preset stands for. */
export function sourceOf(from: readonly string[]): Source {
  return { set: rangeSet(from.flatMap(rangesOf)), thisNetwork: from.includes('this-network'), vpn: from.includes('vpn') }
}

function flatten(rules: Access['rules'], lists: readonly AccessList[]): Rule[] {
  return rules.flatMap(({ action, from, list, until, name }, index): Rule[] => {
    const end = endOf(until)
    if (list === undefined) {
      if (action === undefined || from === undefined) return []
      return [
        {
          action,
          from,
          ranges: rangesOf(from),
          until: end,
          index,
          list: undefined,
          listIndex: undefined,
          name,
          words: `rule ${index + 1} (${named(name)}${action} ${from})`,
        },
      ]
    }
    return (lists.find(({ id }) => id === list)?.rules ?? []).map((rule, listIndex) => ({
      action: rule.action,
      from: rule.from,
      ranges: rangesOf(rule.from),
      until: Math.min(end, endOf(rule.until)),
      index,
      list,
      listIndex,
      name: rule.name ?? name,
      words: `rule ${index + 1} (list ${list}: ${named(rule.name)}${rule.action} ${rule.from})`,
    }))
  })
}

function named(name: string | undefined): string {
  return name === undefined ? '' : `${name}: `
}

/** Epoch ms of a rule's end. */
export function endOf(until: string | undefined): number {
  return until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until)
}

function toRuns(rules: readonly Rule[]): Run[] {
  const groups: { action: Action; rules: Rule[] }[] = []
  for (const rule of rules) {
    const last = groups.at(-1)
    if (last?.action === rule.action) last.rules.push(rule)
    else groups.push({ action: rule.action, rules: [rule] })
  }
  return groups.map((group) => {
    const lasting = group.rules.filter(({ until }) => until === Number.POSITIVE_INFINITY).map(({ from }) => from)
    const timed = group.rules.filter(({ until }) => until !== Number.POSITIVE_INFINITY)
    return {
      action: group.action,
      lasting: lasting.length === 0 ? null : sourceOf(lasting),
      timed: timed.map(({ from, until }) => ({ ...sourceOf([from]), until })),
    }
  })
}

function rangesOf(from: string): readonly AddressRange[] {
  if (!isAddressPreset(from)) return [parseRange(from)].filter((range) => range !== null)
  return from === 'this-network' ? [] : FIXED_PRESETS[from]
}
