import type { Notice } from '../contract/events'

/** How many are kept for clients that connect later. */
const KEPT = 50
/** A file with ten thousand errors is not read to its end in a notice. */
const MOST_LINES = 40
const MOST_CHARACTERS = 8_000

/** What a person should hear of, told at once and kept for this run. */
export class Notices {
  readonly #all: Notice[] = []
  #last = 0

  constructor(
    private readonly tell: (notice: Notice) => void,
    private readonly wallTime: () => number,
  ) {}

  /** Oldest first. */
  get all(): readonly Notice[] {
    return this.#all
  }

  /** `place`: the screen where something can be done about it. */
  add(level: Notice['level'], title: string, text: string, place?: string): void {
    const notice: Notice = {
      id: String(++this.#last),
      at: this.wallTime(),
      level,
      title,
      text: shortened(text),
      ...(place === undefined ? {} : { place }),
    }
    this.#all.push(notice)
    if (this.#all.length > KEPT) this.#all.shift()
    this.tell(notice)
  }
}

function shortened(text: string): string {
  const lines = text.split('\n', MOST_LINES + 1)
  const some = lines.slice(0, MOST_LINES).join('\n')
  const short = some.length > MOST_CHARACTERS ? `${some.slice(0, MOST_CHARACTERS)}…` : some
  return lines.length > MOST_LINES ? `${short}\n… and more.` : short
}
