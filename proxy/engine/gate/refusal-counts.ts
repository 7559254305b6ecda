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
  private readonly rules = new Map<string, Count>()

  /** `rule`: null where none matched. */
  add(rule: Rule | null, watched: boolean): void {
    const count = rule === null ? this.otherwise : this.of(rule)
    if (watched) count.wouldRefuse += 1
    else count.refused += 1
  }

  of({ action, from, list }: Pick<Rule, 'action' | 'from' | 'list'>): Count {
    const key = `${list ?? ''} ${action} ${from}`
    const known = this.rules.get(key)
    if (known !== undefined) return known
    const count = { refused: 0, wouldRefuse: 0 }
    this.rules.set(key, count)
    return count
  }
}
