import { stat } from 'node:fs/promises'
import { elapsed } from '../../contract/clock'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import type { Fence } from './find-file'
import { type Listing, readFolder } from './listing'
import { listingJson, listingPage, type Order } from './listing-page'

/** So long a list holds after it was made, in ms, unless its folder shows a change before. */
const HOLDS_MS = 2_000
/** Lists that are made at once, whatever the folders, and that wait for their turn; the others are told to come back. */
const AT_ONCE = 2
const WAITING = 64
/** So many ways of writing one out are kept. */
const WRITTEN = 16

/** What is asked of a folder's list. */
export interface ListingRequest {
  readonly fence: Fence
  /** With no link in it. */
  readonly folder: string
  readonly dotFiles: boolean
  readonly title: string
  readonly isTop: boolean
  readonly json: boolean
  readonly order: Order
}

interface Kept {
  readonly changed: number
  readonly hidden: readonly string[]
  readonly listing: Promise<Listing>
  /** Written out, by how. */
  readonly bodies: Map<string, Promise<Buffer>>
  until: number
}

/** More lists are asked for at once than can be made. */
export class TooManyListingsError extends Error {
  readonly code = 'too many lists'
}

/**
 * Lists of folders: each is made once for all who ask while it holds, and few at a time, since thousands of names are much
 * work for the threads that files are read by.
 */
export class Listings {
  private readonly kept = new Map<string, Kept>()
  private readonly timer: Timer
  private making = 0
  private readonly waiting: (() => void)[] = []

  constructor(wheel: TimerWheel) {
    this.timer = new Timer(wheel, () => this.forget())
  }

  /** Writes a list out. Rejects with TooManyListingsError, or the system's error where the folder cannot be read. */
  async write(request: ListingRequest): Promise<Buffer> {
    const { fence, folder, dotFiles, title, isTop, json, order } = request
    const { mtimeMs } = await stat(folder)
    const key = `${dotFiles ? '.' : ''}\0${fence.root}\0${folder}`
    let kept = this.kept.get(key)
    if (kept === undefined || kept.changed !== mtimeMs || elapsed() > kept.until || kept.hidden !== fence.hidden) {
      const listing = this.inTurn(() => readFolder(fence, folder, dotFiles))
      const made: Kept = { changed: mtimeMs, hidden: fence.hidden, listing, bodies: new Map(), until: Number.POSITIVE_INFINITY }
      kept = made
      this.kept.set(key, made)
      void listing.then(
        () => this.holdFrom(made),
        () => this.kept.get(key) === made && this.kept.delete(key),
      )
    }
    const { bodies, listing } = kept
    const how = json ? 'json' : `${order.column} ${order.down} ${isTop} ${title}`
    let body = bodies.get(how)
    if (body === undefined) {
      body = listing.then(async (found) => Buffer.from(json ? await listingJson(found) : await listingPage(title, isTop, found, order)))
      // Where names are alike whatever their case, one folder has many titles.
      if (bodies.size >= WRITTEN) bodies.clear()
      bodies.set(how, body)
    }
    return body
  }

  private holdFrom(kept: Kept): void {
    kept.until = elapsed() + HOLDS_MS
    this.timer.set(HOLDS_MS)
  }

  private forget(): void {
    const now = elapsed()
    for (const [key, { until }] of this.kept) if (now > until) this.kept.delete(key)
    if ([...this.kept.values()].some(({ until }) => until !== Number.POSITIVE_INFINITY)) this.timer.set(HOLDS_MS)
  }

  private async inTurn<Made>(make: () => Promise<Made>): Promise<Made> {
    if (this.making >= AT_ONCE) {
      if (this.waiting.length >= WAITING) throw new TooManyListingsError(`${WAITING} lists of folders wait to be made`)
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    } else this.making += 1
    try {
      return await make()
    } finally {
      const next = this.waiting.shift()
      if (next === undefined) this.making -= 1
      else next()
    }
  }
}
