import type { Notice } from '../contract/events'

/** How many are kept for clients that connect later. */
const KEPT = 50

/** What a person should hear of, told at once and kept for this run. */
export class Notices {
  readonly #all: Notice[] = []
  #last = 0

  constructor(
    private readonly tell: (notice: Notice) => void,
    private readonly clock: () => number,
  ) {}

  /** Oldest first. */
  get all(): readonly Notice[] {
    return this.#all
  }

  add(level: Notice['level'], title: string, text: string): void {
    const notice: Notice = { id: String(++this.#last), at: this.clock(), level, title, text }
    this.#all.push(notice)
    if (this.#all.length > KEPT) this.#all.shift()
    this.tell(notice)
  }
}
