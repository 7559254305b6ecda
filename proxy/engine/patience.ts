import { stat } from 'node:fs'
import { steadily } from '../system/steady'

/** One that no host has ever spoken to has nothing to serve. */
const FIRST_HOST_MS = 60_000
/** Nor has a successor, and until then clients wait at the ports that it shares; its host is there already. */
const SUCCESSOR_MS = 5_000
/** So often it is seen to whether a next host could find us. */
const LOOK_MS = 5_000
/** A timer of Node that is set for longer than an int32 of ms, not quite 25 days, strikes at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/**
 * How long an engine serves on without a host: as long as its configuration says. One whose socket has lost its name, as
 * when the data directory was removed, can be found by nobody, and ends.
 */
export class Patience {
  #late: NodeJS.Timeout | undefined
  #look: NodeJS.Timeout | undefined
  /** Null: without end. */
  #aloneFor: number | null

  /** `succeeds`: another engine has started this one to go on in its place. */
  constructor(
    private readonly onEnd: () => void,
    succeeds: boolean,
  ) {
    this.#aloneFor = succeeds ? SUCCESSOR_MS : FIRST_HOST_MS
  }

  /** `duration` in ms; null: until somebody stops it. Holds from the next time on that it is alone. */
  serveAlone(duration: number | null): void {
    this.#aloneFor = duration
  }

  /** There is no host. `address`: the name by which the next one finds us. */
  begin(address: string): void {
    this.stop()
    if (this.#aloneFor !== null) this.#wait(this.#aloneFor)
    if (process.platform === 'win32') return // a pipe is there as long as we are
    this.#look = steadily(() => {
      // Any other fault, such as too many open files, says nothing of the name.
      stat(address, (error) => (error?.code === 'ENOENT' ? this.onEnd() : undefined))
    }, LOOK_MS)
  }

  /** A host is there. */
  stop(): void {
    clearTimeout(this.#late)
    clearInterval(this.#look)
  }

  #wait(rest: number): void {
    const step = Math.min(rest, LONGEST_TIMER_MS)
    this.#late = setTimeout(() => (rest > step ? this.#wait(rest - step) : this.onEnd()), step)
  }
}
