import { elapsed } from '../../contract/clock'
/** So long work may hold the loop that serves everybody, in ms. */
const AT_ONCE_MS = 5

/** Tells long work when it is time to let others go first. */
export class Breath {
  private since = elapsed()

  get isDue(): boolean {
    return elapsed() - this.since > AT_ONCE_MS
  }

  /** Goes on when what has come meanwhile is served. */
  async take(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.since = elapsed()
  }
}
