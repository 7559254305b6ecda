import { dateOf } from '../../contract/clock'
import { type AccessCounts, COUNTED_PLACES } from '../../contract/access-api'
import type { Config } from '../../contract/config/document'
import { ENTRIES_PER_STEP, type Steps } from '../../contract/steps'
import type { AccessGate } from './access-gate'
import { type Count, keyOf, sum } from './refusal-counts'

/** Refusals by what decided them, at the places that a configuration has them. */
export function* accessCounts(config: Config, gate: AccessGate, now: number): Steps<AccessCounts> {
  const lists: AccessCounts['lists'] = {}
  for (const { id, rules } of config.accessLists) {
    const together = new Map<string, Count>()
    for (const service of config.services) {
      for (const [key, count] of gate.countsOf(service.id).of(id) ?? []) together.set(key, sum([count, together.get(key) ?? NONE]))
    }
    lists[id] = yield* placed(rules, together, keyOf, (count) => ({ ...(count ?? NONE) }), isNone)
  }
  const services: AccessCounts['services'] = {}
  for (const { id, access } of config.services) {
    yield
    const counts = gate.countsOf(id)
    const own = counts.of(undefined)
    services[id] = {
      rules: yield* placed(
        access.rules,
        own ?? new Map<string, Count>(),
        keyOf,
        (count, { list }) => ({ ...(list === undefined ? (count ?? NONE) : sum(counts.of(list)?.values() ?? [])) }),
        isNone,
      ),
      otherwise: { ...counts.otherwise },
      rateLimited: counts.rateLimited,
      failedSignIns: counts.failedSignIns,
    }
  }
  const ofBlocked = yield* placed(
    config.blocked,
    gate.blockedCounts,
    ({ from }) => from,
    (count) => count ?? 0,
    (count) => count === 0,
  )
  return {
    services,
    lists,
    blocked: ofBlocked,
    automatic: gate.blocks
      .list(now)
      .map(({ endsAt, ...block }) => ({ ...block, until: dateOf(endsAt) }))
      .map((block) => ({ ...block })),
  }
}

const NONE: Count = { refused: 0, wouldRefuse: 0 }

function isNone({ refused, wouldRefuse }: Count): boolean {
  return refused === 0 && wouldRefuse === 0
}

/** A list's counts at its places; of a long one only as far as it has refused anybody, or an answer would be as long as the list. */
function* placed<Entry, Known, Told>(
  entries: readonly Entry[],
  known: ReadonlyMap<string, Known>,
  key: (entry: Entry) => string,
  tell: (count: Known | undefined, entry: Entry) => Told,
  isNothing: (told: Told) => boolean,
): Steps<Told[]> {
  const told: Told[] = []
  const isLong = entries.length > COUNTED_PLACES
  let last = -1
  for (const [index, entry] of entries.entries()) {
    if (index === COUNTED_PLACES) break
    if (index % ENTRIES_PER_STEP === ENTRIES_PER_STEP - 1) yield
    const one = tell(known.get(key(entry)), entry)
    if (!isNothing(one)) last = index
    told.push(one)
  }
  return isLong ? told.slice(0, last + 1) : told
}
