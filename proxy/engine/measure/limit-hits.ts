import { type LimitHitCounts, type LimitName, WIDE_LIMITS } from '../../contract/limits'

/** A limit that goes on striking is told once in so long for each client. */
const ONCE_MS = 60_000
/** So many are told apart; what strikes beyond them is counted, and no more. */
const MAX_TOLD = 1_000

interface Told {
  readonly limit: LimitName
  readonly client: string
  /** Of `elapsed`. */
  readonly until: number
  more: number
}

/** How often limits have struck, and of which clients that has been told: a flood makes one row of the log, not thousands. */
export class LimitHits {
  /** Called when a limit strikes that is everybody's, once in a while. */
  onWide: ((limit: LimitName) => void) | null = null
  private readonly counts = new Map<LimitName, number>()
  private readonly told = new Map<string, Told>()
  private readonly wideUntil = new Map<LimitName, number>()
  private moved = false

  /** Counts one that is told by other means, such as the row of its request. `now` of `elapsed`, here and below. */
  count(limit: LimitName, now: number): void {
    this.counts.set(limit, (this.counts.get(limit) ?? 0) + 1)
    this.moved = true
    if (!WIDE_LIMITS.has(limit) || now < (this.wideUntil.get(limit) ?? 0)) return
    this.wideUntil.set(limit, now + ONCE_MS)
    this.onWide?.(limit)
  }

  /** Counts one; whether it is to be told, as the first of this client in a while. */
  strikes(limit: LimitName, client: string, now: number): boolean {
    this.count(limit, now)
    const key = `${limit} ${client}`
    const known = this.told.get(key)
    if (known !== undefined && now < known.until) {
      known.more += 1
      return false
    }
    if (known === undefined && this.told.size >= MAX_TOLD) return false
    this.told.set(key, { limit, client, until: now + ONCE_MS, more: 0 })
    return true
  }

  /** Forgets what was told a while ago, and gives what went on striking since. */
  over(now: number): Told[] {
    const over: Told[] = []
    for (const [key, told] of this.told) {
      if (now < told.until) continue
      this.told.delete(key)
      if (told.more > 0) over.push(told)
    }
    return over
  }

  totals(): LimitHitCounts {
    return Object.fromEntries(this.counts)
  }

  /** The totals, once after limits have struck; null: none has since they were told last. */
  news(): LimitHitCounts | null {
    if (!this.moved) return null
    this.moved = false
    return this.totals()
  }
}
