import { documentOf, TURN, type Wish } from './configuration'
import type { Gateway } from './gateway'
import { comesTrue, pause } from './processes'

const EVERY_MS = 2_000

/** Saves every two seconds, and knows which saves were acknowledged. */
export class Saver {
  #turn = 0
  #acknowledged = 0
  #closed = false
  #going = true
  #held = false
  readonly #refused: string[] = []
  #saved = 0
  #last: Promise<boolean> = Promise.resolve(true)

  constructor(
    private readonly gateway: Gateway,
    private readonly wish: Pick<Wish, 'hash' | 'folder'>,
  ) {}

  /** The number of the last save that was. */
  readonly acknowledged = (): number => this.#acknowledged

  get saved(): number {
    return this.#saved
  }

  first(): unknown {
    return documentOf({ ...this.wish, turn: 0, closed: false })
  }

  /** Saves again and again until `stop`. */
  async run(): Promise<void> {
    while (this.#going) {
      await pause(EVERY_MS)
      if (!this.#held) await this.save()
    }
  }

  async stop(): Promise<void> {
    this.#going = false
    await this.#last
  }

  /** No saves of its own meanwhile. */
  hold(held: boolean): void {
    this.#held = held
  }

  /** One after the other; true where it was acknowledged. */
  save(change: { readonly closed?: boolean } = {}): Promise<boolean> {
    return (this.#last = this.#last.then(() => this.#save(change.closed)))
  }

  /** What was answered to saves that were not taken, since the last call. */
  takeRefused(): string[] {
    return this.#refused.splice(0)
  }

  /** A new save is taken within so many seconds. */
  saves(seconds: number): Promise<boolean> {
    return comesTrue(seconds, () => this.save())
  }

  /** Whether the gateway's document is the last acknowledged one, or one whose answer did not come; else what it is. */
  async lost(): Promise<string | null> {
    await this.#last
    const turn = this.#turn
    const acknowledged = this.#acknowledged
    const reply = await this.gateway.call('GET', '/config')
    const document = JSON.parse(reply.text) as { services: { id: string; headers?: { response?: { set?: Record<string, string> } } }[] }
    const set = document.services.find(({ id }) => id === 'near')?.headers?.response?.set ?? {}
    const there = Number(Object.entries(set).find(([name]) => name.toLowerCase() === TURN)?.[1])
    return there >= acknowledged && there <= Math.max(turn, this.#turn)
      ? null
      : `save ${acknowledged} was acknowledged, and ${there} is there`
  }

  async #save(closed = this.#closed): Promise<boolean> {
    const turn = ++this.#turn
    try {
      const { status, text } = await this.gateway.call('PUT', '/config', documentOf({ ...this.wish, turn, closed }))
      if (status !== 200) {
        this.#refused.push(`${status} ${messageOf(text)}`)
        return false
      }
      this.#acknowledged = turn
      this.#closed = closed
      this.#saved += 1
      return true
    } catch (error) {
      this.#refused.push((error as NodeJS.ErrnoException).code ?? String(error))
      return false
    }
  }
}

function messageOf(text: string): string {
  try {
    const answer = JSON.parse(text) as { error?: { message?: string } }
    return answer.error?.message ?? text.slice(0, 200)
  } catch {
    return text.slice(0, 200)
  }
}
