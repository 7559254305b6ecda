/** After a start, and after the machine slept, checks have to find their feet: nobody is told of what they find first. */
const QUIET_MS = 15_000
/** A gap between two ticks of the engine that only a machine that slept explains, or a clock that was set. */
const SLEPT_MS = 5_000

/** The two clocks of a computer, as `proxy/contract/clock.ts` has them. */
export interface Clocks {
  /** The clock that never jumps, for spans. */
  readonly elapsed: () => number
  /** The time of day, for dates that people are told. */
  readonly wallTime: () => number
}

/** Whether it is too early to tell people of what is found. */
export class Quiet {
  readonly #clocks: Clocks
  #until: number
  /** Epoch ms: the clock that never jumps stands still while a machine sleeps (clock_gettime(2), CLOCK_MONOTONIC). */
  #lastTick: number
  #slept = false

  constructor(clocks: Clocks) {
    this.#clocks = clocks
    this.#lastTick = clocks.wallTime()
    this.#until = clocks.elapsed() + QUIET_MS
  }

  get isOver(): boolean {
    return this.#clocks.elapsed() >= this.#until
  }

  /** Whether what is found now is told when the quiet is over, if it holds: there may have been no sleep, only a clock that was set. */
  get onlyDelays(): boolean {
    return this.#slept
  }

  started(): void {
    this.#slept = false
    this.#until = this.#clocks.elapsed() + QUIET_MS
  }

  ticked(): void {
    const now = this.#clocks.wallTime()
    const gap = now - this.#lastTick
    this.#lastTick = now
    if (gap <= SLEPT_MS) return
    this.#slept = true
    this.#until = this.#clocks.elapsed() + QUIET_MS
  }
}
