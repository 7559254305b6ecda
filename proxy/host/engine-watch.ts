import { CallError } from '../contract/failure'

const PING_EVERY_MS = 2_000
/** An answer is waited for in steps: a machine that slept, or a host that was busy, then uses up one of them, not all. */
const STEP_MS = 1_000
const STEPS = 5

export interface WatchOptions {
  /** Fails with AR_ENGINE where the channel has closed. */
  readonly ping: () => Promise<unknown>
  /** It has to be ended, for this reason. */
  readonly onSilent: (why: string) => void
}

/** A process can be there and yet not turn: asks one, over and over, whether it does. */
export class EngineWatch {
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(private readonly options: WatchOptions) {
    this.#next()
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #next(): void {
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#ask(), PING_EVERY_MS)
  }

  async #ask(): Promise<void> {
    const answer = this.options.ping().then(
      () => true,
      (error: unknown) => {
        // A closed channel is the exit's to explain.
        if (!(error instanceof CallError && error.code === 'AR_ENGINE'))
          this.options.onSilent(error instanceof Error ? error.message : String(error))
        return true
      },
    )
    let answered = false
    for (let step = 0; step < STEPS && !answered; step++) answered = await Promise.race([answer, this.#pause()])
    if (this.#stopped) return
    if (answered) this.#next()
    else this.options.onSilent(`it did not answer for ${(STEPS * STEP_MS) / 1_000} s`)
  }

  /** Gives false after one step; never, once this has been stopped. */
  #pause(): Promise<false> {
    clearTimeout(this.#timer)
    return new Promise((resolve) => {
      if (!this.#stopped) this.#timer = setTimeout(() => resolve(false), STEP_MS)
    })
  }
}
