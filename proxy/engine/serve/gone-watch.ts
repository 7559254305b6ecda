import type { Timer } from '../time/timer-wheel'

/** Each after the one before: the first is answered by a reset where the client has gone, and the next fails by that. */
const PROBES_MS: readonly number[] = [100, 300, 1_000, 3_000, 10_000, 30_000]

/**
 * A client that has ended its half and waits for its answer looks the same as one that has gone, until it is sent something:
 * so now and then it is sent a byte that is the next one of its answer anyway.
 */
export class GoneWatch {
  private readonly timer: Timer
  private readonly probe: () => boolean
  private sent = 0

  /** `probe` sends such a byte; false where there is none. */
  constructor(timer: Timer, probe: () => boolean) {
    this.timer = timer
    this.probe = probe
  }

  begin(): void {
    this.sent = 0
    this.wait()
  }

  onTime(): void {
    if (!this.probe()) return
    this.sent += 1
    this.wait()
  }

  private wait(): void {
    const ms = PROBES_MS[this.sent]
    if (ms === undefined) this.timer.rest()
    else this.timer.set(ms)
  }
}
