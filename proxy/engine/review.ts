import { elapsed, present } from '../contract/clock'
import type { ListenerSet } from './edge/listener-set'
import type { ReasonToEnd } from './edge/port-socket'
import type { Measures } from './measure/measures'
import type { WaitQueues } from './pipeline/wait-queue'
import { Timer, type TimerWheel } from './time/timer-wheel'
import type { Court } from './visit/unwelcome'
import type { Snapshot } from './world/snapshot'

/** Requests of a service that is gone may end by themselves for so long: with the timer's own steps it is less than a second. */
const RESPITE_MS = 800
/** How often it is looked whether they have. */
const LOOK_MS = 100

export interface ReviewParts {
  readonly court: Court
  readonly listeners: ListenerSet
  readonly queues: WaitQueues
  readonly measures: Measures
  readonly wheel: TimerWheel
  readonly running: () => Snapshot
}

/** Ends what runs for clients that would not be let in any more, and counts it. */
export class Review {
  private readonly parts: ReviewParts
  private readonly timer: Timer
  /** When requests of a service that is gone have no more time, in ms of a clock that never jumps. */
  private respiteUntil = 0
  private ended = 0
  private over: Promise<void> = Promise.resolve()
  private onOver: (() => void) | null = null

  constructor(parts: ReviewParts) {
    this.parts = parts
    this.timer = new Timer(parts.wheel, () => this.look())
  }

  /** Ends those for whom there is a reason now, but for requests whose respite lasts. */
  run(): void {
    const { court, running } = this.parts
    const standards = { snapshot: running(), now: present(), patient: elapsed() < this.respiteUntil }
    this.ended += court.sit(standards, (why) => this.end(why))
  }

  /** After a swap, in the same turn: whatever may not go on ends now, but for requests of a service that is gone, which end within a second. */
  afterSwap(): void {
    this.respiteUntil = elapsed() + RESPITE_MS
    this.ended = 0
    this.run()
    if (this.parts.court.spared === 0) return
    this.over = new Promise((resolve) => void (this.onOver = resolve))
    this.timer.set(LOOK_MS)
  }

  /** How many the last swap has ended, once all have ended that it was to. */
  async sinceSwap(): Promise<number> {
    await this.over
    return this.ended
  }

  /** No request has any more time. */
  hurry(): void {
    this.respiteUntil = 0
    if (this.onOver !== null) this.look()
  }

  /** Ends what runs on a backend. */
  disconnect(service: string, backend: string): number {
    return this.end(({ pipeline: runner }) => (runner?.runsOn(service, backend) === true ? 'disconnected' : null))
  }

  /** How many would be ended if this were the present configuration. */
  wouldEnd(snapshot: Snapshot): number {
    const { court, listeners } = this.parts
    return court.sit({ snapshot, now: present(), patient: false }, (why) => listeners.countUnwelcome(why))
  }

  private look(): void {
    this.run()
    const rest = this.respiteUntil - elapsed()
    if (this.parts.court.spared > 0) return this.timer.set(Math.max(0, Math.min(LOOK_MS, rest)))
    this.timer.clear()
    this.onOver?.()
    this.onOver = null
  }

  private end(why: ReasonToEnd): number {
    const { listeners, queues, measures } = this.parts
    const ended = queues.holding(() => listeners.end(why))
    measures.endings.add(ended)
    return ended.length
  }
}
