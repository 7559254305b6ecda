import type { Address } from '../../contract/address'
import { isAddressPreset } from '../../contract/config/access'
import { ENTRIES_PER_STEP, type Steps } from '../../contract/steps'
import type { Interfaces } from './interfaces'
import { FIXED_PRESETS } from './presets'
import { RangeList, type RangeMap } from './range-map'

export type Action = 'allow' | 'deny'

/** An entry of a list: whom it names, and until when. */
export interface Entry {
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly action?: Action | undefined
}

export interface AccessSurroundings {
  readonly interfaces: Interfaces
  /** Interfaces whose subnets count as `vpn`. */
  readonly vpnInterfaces: readonly string[]
}

/** Entries in their order, ready to be asked. It knows nothing of the machine, so that one compiled list serves every service and load. */
export interface RuleSet {
  /** The place of the first entry that names the address now, or -1. `now` in epoch ms. */
  first(address: Address, now: number, surroundings: AccessSurroundings): number
  /** Whether time alone can change which one that is. */
  readonly timed: boolean
  /** Whether an entry allows, be it one that has ended. */
  readonly allows: boolean
}

/** An entry that follows the machine’s interfaces. */
interface Following {
  readonly index: number
  readonly preset: 'this-network' | 'vpn'
  readonly until: number
}

/** By the list itself, which nobody changes: a load that brings the same one again has it compiled already. */
const known = new WeakMap<readonly Entry[], RuleSet>()

/** Compiles a list, or finds it compiled: entries without an end are one map, those with an end another. */
export function* compileRules(entries: readonly Entry[]): Steps<RuleSet> {
  const before = known.get(entries)
  if (before !== undefined) return before
  const lasting = new RangeList()
  const ending = new RangeList()
  const following: Following[] = []
  let ends: Float64Array | null = null
  let allows = false
  for (let index = 0; index < entries.length; index++) {
    if (index % ENTRIES_PER_STEP === ENTRIES_PER_STEP - 1) yield
    const { from, until, action } = entries[index] ?? {}
    if (from === undefined) continue
    allows ||= action === 'allow'
    const end = endOf(until)
    const isLasting = end === Number.POSITIVE_INFINITY
    if (!isLasting) (ends ??= new Float64Array(entries.length))[index] = end
    const list = isLasting ? lasting : ending
    if (!isAddressPreset(from)) list.addText(from, index)
    else if (from === 'this-network' || from === 'vpn') following.push({ index, preset: from, until: end })
    if (isAddressPreset(from) && from !== 'this-network') for (const range of FIXED_PRESETS[from]) list.add(range, index)
  }
  const rules = ruleSet(yield* lasting.map(), yield* ending.map(), ends, following, allows)
  known.set(entries, rules)
  return rules
}

function ruleSet(
  lasting: RangeMap,
  ending: RangeMap,
  ends: Float64Array | null,
  following: readonly Following[],
  allows: boolean,
): RuleSet {
  const isRunning = (index: number, now: number): boolean => ends !== null && now < (ends[index] ?? 0)

  function firstRunning(address: Address, now: number): number {
    const first = ending.find(address)
    if (first === -1 || isRunning(first, now)) return first
    return ending.others(address).find((index) => isRunning(index, now)) ?? -1
  }

  return {
    timed: ends !== null,
    allows,
    first(address, now, { interfaces, vpnInterfaces }) {
      let found = lasting.find(address)
      if (ends !== null) found = earlier(found, firstRunning(address, now))
      for (const { index, preset, until } of following) {
        if (found !== -1 && found < index) break
        const set = preset === 'vpn' ? interfaces.named(vpnInterfaces) : interfaces.networks
        if (now < until && set.has(address)) found = index
      }
      return found
    },
  }
}

function earlier(a: number, b: number): number {
  return a === -1 || (b !== -1 && b < a) ? b : a
}

/** Epoch ms of an entry's end. */
export function endOf(until: string | undefined): number {
  return until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until)
}
