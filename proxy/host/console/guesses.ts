/** So many wrong tokens and links in a minute, of all clients together, since all are of this machine; then the wrong ones wait. */
const MOST = 30
const WITHIN_MS = 60_000

/** Counts wrong sign-ins. Right ones always pass: a secret of 256 bits is not guessed, so nobody can lock its owner out. */
export class Guesses {
  readonly #clock: () => number
  #count = 0
  #until = 0

  constructor(clock: () => number) {
    this.#clock = clock
  }

  /** Counts one; 0, or how many seconds to wait before the next is looked at. */
  add(): number {
    const now = this.#clock()
    if (now >= this.#until) {
      this.#until = now + WITHIN_MS
      this.#count = 0
    }
    this.#count += 1
    return this.#count > MOST ? Math.ceil((this.#until - now) / 1_000) : 0
  }
}
