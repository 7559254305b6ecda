import { ask } from './ask'
import { TURN } from './configuration'
import { comesTrue } from './processes'

const EVERY_MS = 50
/** It serves again once this long nothing has failed. */
const WELL_MS = 2_000

interface Beat {
  readonly began: number
  readonly well: boolean
  readonly error: string
}

/** A visitor with a new connection twenty times a second: how long nobody is served. */
export class Heartbeat {
  #beats: Beat[] = []
  #waiting = 0
  #paused = false
  readonly #timer = setInterval(() => void this.#beat(), EVERY_MS)

  /** `acknowledged`: the last save that was; an answer by an older one is told as `stale`. */
  constructor(
    private readonly host: string,
    private readonly acknowledged: () => number,
    private readonly stale: (told: number, acknowledged: number) => void,
  ) {}

  pause(paused: boolean): void {
    this.#paused = paused
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  /** From when on all is well since `moment`, and for a while since `over`; null where that does not come within so many seconds. */
  async wellSince(moment: number, over: number, seconds: number): Promise<number | null> {
    this.#beats = this.#beats.filter(({ began }) => began >= moment - 1_000)
    const well = await comesTrue(seconds, () => {
      const since = this.#lastStretch(moment)
      return this.#waiting < WELL_MS / EVERY_MS / 2 && since !== null && performance.now() - Math.max(since, over) > WELL_MS
    })
    return well ? this.#lastStretch(moment) : null
  }

  /** The beginning of the first good beat after the last bad one. */
  #lastStretch(moment: number): number | null {
    const beats = this.#beats.filter(({ began }) => began >= moment).toSorted((a, b) => a.began - b.began)
    const bad = beats.findLastIndex(({ well }) => !well)
    if (bad === -1) return beats.length > 0 ? moment : null
    return beats[bad + 1]?.began ?? null
  }

  async #beat(): Promise<void> {
    if (this.#paused) return
    const began = performance.now()
    const acknowledged = this.acknowledged()
    this.#waiting += 1
    try {
      const { status, headers } = await ask({ host: this.host, patience: 5_000 })
      const told = Number(headers[TURN])
      if (status === 200 && told < acknowledged) this.stale(told, acknowledged)
      this.#beats.push({ began, well: status === 200, error: status === 200 ? '' : `answered ${status}` })
    } catch (error) {
      this.#beats.push({ began, well: false, error: String(error) })
    } finally {
      this.#waiting -= 1
    }
  }
}
