import { steadily } from '../../system/steady'
/** Whoever keeps bytes that somebody does not take yet. */
export interface Holder {
  /** How many it keeps now. */
  readonly waiting: number
}

/** No one holds more than this of one side that does not keep up. */
const MOST_EACH = 262_144
/** Each may hold a quarter of what is left, so that there is something left for those who come. */
const SHARE = 4
/** How often it is looked what has been taken meanwhile. */
const LOOK_MS = 100
/** What holds where nothing is set, as in `settings.limits.buffers`. */
const STANDARD = 268_435_456

/**
 * What all connections together hold in memory of bytes that one side has sent and the other has not taken yet. Whoever takes
 * what it is sent is never counted: a write mostly reaches the system at once. Of those that do not, each may hold a share of
 * what is left (dynamic thresholds, Choudhury and Hahne 1998): the more they hold together, the sooner the source of each is
 * paused, the largest first.
 */
export class Buffers {
  /** Called when somebody is held back only since so much is held together. */
  onShort: (() => void) | null = null
  private readonly holders = new Map<Holder, number>()
  private total = 0
  private most = STANDARD
  private timer: NodeJS.Timeout | undefined
  private isShort = false

  /** How many bytes there may be of all, as it is set now. */
  limit(most: number): void {
    this.most = most
  }

  /** How many bytes are held, as far as was looked. */
  get held(): number {
    return this.total
  }

  /** Whether so little is left that less should be read at once: all of a read may have to wait. */
  get isScarce(): boolean {
    return (this.most - this.total) / SHARE < 4 * MOST_EACH
  }

  /** Counts what is held, now and as long as it holds something. Those that hold nothing need not ask. */
  note(holder: Holder): void {
    const { waiting } = holder
    const before = this.holders.get(holder) ?? 0
    if (waiting === before) return
    this.total += waiting - before
    this.holders.set(holder, waiting)
    if (this.timer !== undefined) return
    this.timer = steadily(() => this.look(), LOOK_MS)
  }

  /** Whether it holds so much that it has to pause its source; it counts from here on. `most`: where there is room for all. */
  isFull(holder: Holder, most = MOST_EACH): boolean {
    this.note(holder)
    const { waiting } = holder
    if (waiting === 0) return false
    if (waiting > most) return true
    if (waiting <= (this.most - this.total) / SHARE) return false
    if (!this.isShort) {
      // Much of it may have been taken since the last look.
      this.look()
      if (waiting <= (this.most - this.total) / SHARE) return false
      this.isShort = true
      this.onShort?.()
    }
    return true
  }

  private look(): void {
    for (const [holder, before] of this.holders) {
      const { waiting } = holder
      this.total += waiting - before
      if (waiting === 0) this.holders.delete(holder)
      else if (waiting !== before) this.holders.set(holder, waiting)
    }
    if ((this.most - this.total) / SHARE > MOST_EACH) this.isShort = false
    if (this.holders.size > 0) return
    clearInterval(this.timer)
    this.timer = undefined
  }
}

/** Of all connections of this process. */
export const BUFFERS = new Buffers()
