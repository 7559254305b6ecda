import type { EndingCounts, EndingName } from '../../contract/endings'

/** How often the gateway has ended what ran for a client, by reason. */
export class EndingTotals {
  private readonly counts = new Map<EndingName, number>()
  private moved = false

  add(endings: readonly EndingName[]): void {
    for (const ending of endings) this.counts.set(ending, (this.counts.get(ending) ?? 0) + 1)
    if (endings.length > 0) this.moved = true
  }

  totals(): EndingCounts {
    return Object.fromEntries(this.counts)
  }

  /** The totals, once after they have changed; null: they are as they were told last. */
  news(): EndingCounts | null {
    if (!this.moved) return null
    this.moved = false
    return this.totals()
  }
}
