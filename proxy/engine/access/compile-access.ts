import type { Address } from '../../contract/address'
import type { Access, AccessList } from '../../contract/config/access'
import type { Steps } from '../../contract/steps'
import { compileRules, endOf, type AccessSurroundings, type Action, type RuleSet } from './rule-set'

/** Rules that people asked about, or that refused somebody, and are kept as such. */
const MAX_MADE = 4_096

/** A rule as it stands in the document, or one of a list that a rule stands for. */
export interface Rule {
  readonly action: Action
  readonly from: string
  /** Its place among the service's rules, from 0. */
  readonly index: number
  readonly list: string | undefined
  /** Its place within that list. */
  readonly listIndex: number | undefined
  readonly name: string | undefined
  /** "rule 2 (deny 192.168.1.66)". */
  readonly words: string
}

/** A service's rules, ready to be asked. */
export interface AccessRules {
  /** The first rule that matches decides; an address that cannot be read is denied. `now` in epoch ms. */
  decide(address: Address | null, now: number): Action
  /** The rule that decides; null where none matches. */
  ruleFor(address: Address | null, now: number): Rule | null
  /** What decides, in words. */
  because(address: Address | null, now: number): string
  /** Whether time alone can change what is decided. */
  readonly timed: boolean
  /** What happens where no rule matches. */
  readonly otherwise: Action
}

type Rules = Access['rules']

/** Rules that stand together: neighbours of the service's own, or a list in the place of the one rule that names it. */
interface Part {
  readonly rules: RuleSet
  readonly entries: Rules
  /** The place of its first rule among the service's rules. */
  readonly index: number
  readonly list: string | undefined
  /** Epoch ms; infinite: it does not end. */
  readonly until: number
  /** What the rule that names the list is called. */
  readonly name: string | undefined
  /** Rules as they are told of, by their place. */
  readonly made: Map<number, Rule>
}

/** Compiles a service's rules: one binary search for each list and each run of rules between lists, however long they are. */
export function* compileAccess(
  access: Pick<Access, 'rules' | 'default'>,
  lists: readonly AccessList[],
  surroundings: AccessSurroundings,
): Steps<AccessRules> {
  const parts = yield* compileParts(access.rules, lists)
  const timed = parts.some(({ rules, until }) => rules.timed || until !== Number.POSITIVE_INFINITY)
  // Rules that have ended count here: where somebody was let in by name, everyone else is not let in when that is over.
  const otherwise: Action = access.default ?? (parts.some(({ rules }) => rules.allows) ? 'deny' : 'allow')

  function ruleFor(address: Address | null, now: number): Rule | null {
    if (address === null) return null
    for (const part of parts) {
      const place = now < part.until ? part.rules.first(address, now, surroundings) : -1
      if (place !== -1) return ruleAt(part, place)
    }
    return null
  }

  return {
    otherwise,
    timed,
    ruleFor,
    decide(address, now) {
      if (address === null) return 'deny'
      for (const part of parts) {
        const place = now < part.until ? part.rules.first(address, now, surroundings) : -1
        if (place !== -1) return part.entries[place]?.action ?? 'deny'
      }
      return otherwise
    },
    because(address, now) {
      if (address === null) return 'the client’s address could not be read'
      const rule = ruleFor(address, now)
      if (rule !== null) return rule.words
      return parts.length === 0
        ? 'the service has no rules'
        : `no rule of the service matches, and everyone else is ${otherwise === 'deny' ? 'denied' : 'allowed'}`
    },
  }
}

function* compileParts(rules: Rules, lists: readonly AccessList[]): Steps<Part[]> {
  const parts: Part[] = []
  const add = function* (entries: Rules, index: number, list?: string, until?: string, name?: string): Steps<void> {
    parts.push({ rules: yield* compileRules(entries), entries, index, list, until: endOf(until), name, made: new Map() })
  }
  const named = rules.flatMap(({ list }, index) => (list === undefined ? [] : [index]))
  // The very list of the document where none is named in it, so that it is known again.
  if (named.length === 0 && rules.length > 0) yield* add(rules, 0)
  let start = 0
  for (const index of named) {
    if (index > start) yield* add(rules.slice(start, index), start)
    const { list, until, name } = rules[index] ?? {}
    const entries = lists.find(({ id }) => id === list)?.rules ?? []
    if (entries.length > 0) yield* add(entries, index, list, until, name)
    start = index + 1
  }
  if (named.length > 0 && start < rules.length) yield* add(rules.slice(start), start)
  return parts
}

function ruleAt({ entries, index, list, name, made }: Part, place: number): Rule | null {
  const known = made.get(place)
  if (known !== undefined) return known
  const entry = entries[place]
  if (entry?.action === undefined || entry.from === undefined) return null
  const own = list === undefined ? index + place : index
  const called = entry.name === undefined ? '' : `${entry.name}: `
  const rule: Rule = {
    action: entry.action,
    from: entry.from,
    index: own,
    list,
    listIndex: list === undefined ? undefined : place,
    name: entry.name ?? name,
    words: `rule ${own + 1} (${list === undefined ? '' : `list ${list}: `}${called}${entry.action} ${entry.from})`,
  }
  if (made.size >= MAX_MADE) made.clear()
  made.set(place, rule)
  return rule
}
