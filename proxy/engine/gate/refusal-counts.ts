import type { Rule } from '../access/compile-access'

/** What was refused, or in a service that only watches would have been. */
export interface Count {
  refused: number
  wouldRefuse: number
}

/** Refusals of one service by what decided, across reloads: a rule that is moved or renamed keeps its count. */
export class RefusalCounts {
  readonly otherwise: Count = { refused: 0, wouldRefuse: 0 }
  rateLimited = 0
  failedSignIns = 0
  /** By list, the service's own rules under none; within it by what the rule says. Only rules that have refused somebody are in it. */
  private readonly rules = new Map<string | undefined, Map<string, Count>>()

  /** `rule`: null where none matched. */
  add(rule: Rule | null, watched: boolean): void {
    const count = rule === null ? this.otherwise : this.made(rule)
    if (watched) count.wouldRefuse += 1
    else count.refused += 1
  }

  /** What the rules of a list have refused, or without one the service's own; undefined: nobody yet. */
  of(list: string | undefined): ReadonlyMap<string, Count> | undefined {
    return this.rules.get(list)
  }

  private made(rule: Rule): Count {
    const same = this.rules.get(rule.list) ?? new Map<string, Count>()
    this.rules.set(rule.list, same)
    const key = keyOf(rule)
    const known = same.get(key) ?? { refused: 0, wouldRefuse: 0 }
    same.set(key, known)
    return known
  }
}

/** What a rule is counted under within its list. */
export function keyOf({ action, from }: { readonly action?: string | undefined; readonly from?: string | undefined }): string {
  return `${action ?? 'deny'} ${from ?? ''}`
}

export function sum(counts: Iterable<Count>): Count {
  const total = { refused: 0, wouldRefuse: 0 }
  for (const { refused, wouldRefuse } of counts) {
    total.refused += refused
    total.wouldRefuse += wouldRefuse
  }
  return total
}
