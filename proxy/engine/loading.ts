import type { ResultOf } from '../contract/api'
import { elapsed } from '../contract/clock'
import type { EngineApi } from '../contract/engine-api'
import { CallError } from '../contract/failure'
import { Emergency } from './emergency'
import type { ReloadResult } from './reload/reload'

interface Document {
  readonly revision: string
  readonly document: unknown
  readonly hidden: readonly string[]
}

export interface LoadingOptions {
  /** `asTheyAre`: another engine has the ports, and none is opened or closed. */
  readonly reload: (document: Document, asTheyAre: boolean) => Promise<ReloadResult>
  /** How many connections the last swap ended, once all have ended that it was to. */
  readonly ended: () => Promise<number>
  /** Ends at once what that waits for. */
  readonly hurry: () => void
  readonly onClosed: () => void
}

/** What comes to be loaded, one after the other: two loads at once could open and close each other's listeners. */
export class Loading {
  private turn: Promise<unknown> = Promise.resolve()
  /** `succeeded`: what runs here ends by itself, under the rules of now. */
  private stage: 'open' | 'stopping' | 'succeeded' = 'open'
  private last: Document | null = null
  private readonly emergency = new Emergency()

  constructor(private readonly options: LoadingOptions) {}

  get isClosedPastHost(): boolean {
    return this.emergency.isClosed
  }

  load(document: Document): Promise<ResultOf<EngineApi, 'load'>> {
    return this.inTurn(() => this.take(document))
  }

  /** Serves nobody any more, until a document that is closed as well comes. */
  closeAll(): Promise<{ ended: number }> {
    this.emergency.close()
    this.options.hurry()
    this.options.onClosed()
    return this.inTurn(async () => {
      if (this.last === null) return { ended: 0 }
      await this.take(this.last)
      return { ended: await this.options.ended() }
    })
  }

  /** Takes nothing more, but for what a successor is given too. Resolves when what was being loaded is. */
  async stop(successor: boolean): Promise<void> {
    this.stage = 'stopping'
    this.options.hurry()
    await this.turn
    if (successor) this.stage = 'succeeded'
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const next = this.turn.then(work)
    this.turn = next.catch(() => undefined)
    return next
  }

  private async take(document: Document): Promise<ResultOf<EngineApi, 'load'>> {
    if (this.stage === 'stopping') throw new CallError('AR_ENGINE', 'The gateway is stopping.')
    const began = elapsed()
    const judged = { ...document, document: this.emergency.judge(document.document, document.revision) }
    const result = await this.options.reload(judged, this.stage === 'succeeded')
    if (!result.ok) return result
    this.last = document
    return { ...result, ended: await this.options.ended(), duration: Math.round((elapsed() - began) * 10) / 10 }
  }
}
