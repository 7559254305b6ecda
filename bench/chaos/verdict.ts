import type { Fault, May } from './faults/fault'
import type { Loss } from './ledger'

/** What one fault cost, added up over its rounds. */
export interface Cost {
  readonly fault: string
  readonly expects: string
  times: number
  /** Why it was not done; null where it was. */
  skipped: string | null
  /** From the fault to the first of the answers that did not fail any more, of each time: by the gateway itself, and by backends across a link. */
  readonly secondsToServe: { readonly near: number[]; readonly far: number[] }
  readonly lost: { held: number; meanwhile: number; after: number }
  readonly byKind: Record<string, number>
  readonly errors: Record<string, number>
  readonly savesRefused: Record<string, number>
  notAllowed: number
  readonly failures: string[]
}

export function newCost({ name, expects }: Fault): Cost {
  return {
    fault: name,
    expects,
    times: 0,
    skipped: null,
    secondsToServe: { near: [], far: [] },
    lost: { held: 0, meanwhile: 0, after: 0 },
    byKind: {},
    errors: {},
    savesRefused: {},
    notAllowed: 0,
    failures: [],
  }
}

/** A visit this young may not have reached a backend yet: it counts among those that begin meanwhile. */
const YOUNG_MS = 250

/** Lays losses to a fault: those that had begun before it, those until it was over and all was well again, and those after, which must not be. */
export function charge(cost: Cost, fault: Fault, losses: readonly Loss[], began: number, well: number): void {
  for (const { kind, error, began: asked } of losses) {
    const phase = asked < began - YOUNG_MS ? 'held' : asked < well ? 'meanwhile' : 'after'
    const allowed = phase !== 'after' && allows(phase === 'held' ? fault.held : fault.meanwhile, kind)
    cost.lost[phase] += 1
    count(cost.byKind, `${kind}, ${phase}`)
    count(cost.errors, error)
    if (!allowed) cost.notAllowed += 1
    if (!allowed && cost.failures.length < 10) cost.failures.push(`${kind} (${phase}) was lost: ${error}`)
  }
}

export function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}

function allows(may: May, kind: string): boolean {
  return may === 'all' || (may !== 'none' && may.includes(kind))
}
