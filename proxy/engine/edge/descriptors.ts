import { elapsed } from '../../contract/clock'
import type { EventEmitter } from 'node:events'

/** Of all there may be a sixteenth is kept back, but so many at least and at most. */
const LEAST_RESERVE = 12
const MOST_RESERVE = 256
/** Where nothing could be made free, it is not looked for again so soon: a flood would be a walk through all connections for each. */
const PAUSE_MS = 100

export interface DescriptorsOptions {
  /** How many the system allows. */
  readonly limit: number
  /** How many are open for other things than are counted here. */
  readonly base: number
  /** How many are open, as the system counts them; null: it does not tell. */
  readonly counted: () => number | null
}

/**
 * The engine's budget of descriptors. New clients are taken only as long as a reserve is left: for backends of those that are
 * there, for health checks, names, files, and the channel to the host. Where it comes near, connections on which nothing runs
 * give way first, as in nginx ("reusing connections"). The system's own answer, EMFILE, would come to whoever asks next,
 * whatever it is for.
 */
export class Descriptors {
  /** Closes connections that have nothing to lose; gives how many. */
  onTight: (() => number) | null = null
  private base: number
  private held = 0
  /** Of those that gave way, so many have not told yet that they are closed; their descriptors are free. */
  private leaving = 0
  private nextTry = 0
  private readonly options: DescriptorsOptions
  private readonly reserve: number

  constructor(options: DescriptorsOptions) {
    this.options = options
    this.base = options.base
    this.reserve = Math.min(MOST_RESERVE, Math.max(LEAST_RESERVE, options.limit >> 4))
  }

  get used(): number {
    return this.base + this.held - this.leaving
  }

  get limit(): number {
    return this.options.limit
  }

  /** Counts what has a descriptor until it tells that it is closed. */
  hold(thing: Pick<EventEmitter, 'once'>): void {
    this.held += 1
    thing.once('close', this.release)
  }

  /** Whether a client may be taken, which is counted already. `owed`: how many of those that are there may need a backend yet. */
  mayAccept(owed: number): boolean {
    const { limit, reserve } = this
    return this.hasRoom(limit - reserve - Math.min(owed, reserve))
  }

  /** Whether a backend may be connected for a client that is there. */
  mayDial(): boolean {
    return this.hasRoom(this.limit - (this.reserve >> 1))
  }

  /** Takes over what the system counts: what nobody told of here, such as names that are looked up, counts too. */
  recount(): void {
    const counted = this.options.counted()
    if (counted !== null) this.base = counted - this.held + this.leaving
  }

  private readonly release = (): void => {
    this.held -= 1
    if (this.leaving > 0) this.leaving -= 1
  }

  private hasRoom(most: number): boolean {
    if (this.used <= most) return true
    const now = elapsed()
    if (now < this.nextTry) return false
    const freed = this.onTight?.() ?? 0
    if (freed === 0) this.nextTry = now + PAUSE_MS
    this.leaving += freed
    return this.used <= most
  }
}
