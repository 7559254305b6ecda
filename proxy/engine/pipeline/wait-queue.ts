import { ended } from '../intake/border'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { goneWhile, type BodySink, type ClientGone, type Exchange } from '../visit/exchange'

/** Whoever waits for a backend that has room. */
export interface Waiter {
  readonly exchange: Exchange
  /** A backend may have room: try again. False where it still has none. */
  onRoom(): boolean
  onTimeUp(): void
  onLeft(gone: ClientGone): void
}

/** Requests of each service that wait for a backend with room, first come, first served. */
export class WaitQueues {
  private readonly queues = new Map<string, Place[]>()
  private readonly wheel: TimerWheel
  private held = false

  constructor(wheel: TimerWheel) {
    this.wheel = wheel
  }

  /** How many wait, of all services. */
  get size(): number {
    let sum = 0
    for (const queue of this.queues.values()) sum += queue.length
    return sum
  }

  /** Lets a request wait for `wait` ms; false where `length` wait already. */
  enter(service: string, waiter: Waiter, { length, wait }: { readonly length: number; readonly wait: number }): boolean {
    const queue = this.queues.get(service) ?? []
    if (queue.length >= length) return false
    this.queues.set(service, queue)
    queue.push(new Place(waiter, wait, this.wheel, (place) => this.leave(service, place)))
    return true
  }

  /**
   * Something of this service may have room: whoever waits takes it, the first first, until one finds none. One place may
   * be free, or many: a backend has come back, a limit was raised.
   */
  room(service: string): void {
    if (this.held) return
    const queue = this.queues.get(service)
    // As many tries as wait now: an offer may end its request at once, and that end makes an offer of its own.
    for (let tries = queue?.length ?? 0; tries > 0; tries--) {
      const first = queue?.shift()
      if (first === undefined) return
      if (first.tryAgain()) continue
      queue?.unshift(first)
      return
    }
  }

  /** Nobody is offered room while `act` ends connections: it could be one that ends next, and its request ran for nobody. */
  holding<T>(act: () => T): T {
    this.held = true
    try {
      return act()
    } finally {
      this.held = false
      this.roomAnywhere()
    }
  }

  /** States or limits have changed: everybody who waits tries again. */
  roomAnywhere(): void {
    for (const [service, queue] of this.queues) {
      this.room(service)
      if (queue.length === 0) this.queues.delete(service)
    }
  }

  private leave(service: string, place: Place): void {
    const queue = this.queues.get(service)
    if (queue === undefined) return
    const at = queue.indexOf(place)
    if (at !== -1) queue.splice(at, 1)
  }
}

/** One who waits. Nothing of its body is read meanwhile. */
class Place implements BodySink {
  private readonly waiter: Waiter
  private readonly timer: Timer
  private readonly leave: (place: Place) => void

  constructor(waiter: Waiter, wait: number, wheel: TimerWheel, leave: (place: Place) => void) {
    this.waiter = waiter
    this.leave = leave
    this.timer = new Timer(
      wheel,
      () => {
        leave(this)
        waiter.onTimeUp()
      },
      waiter.exchange,
    )
    this.timer.set(wait)
    waiter.exchange.listen(this)
  }

  tryAgain(): boolean {
    try {
      if (!this.waiter.onRoom()) return false
    } catch (error) {
      // The offer may come from the end of somebody else's request.
      ended(this.waiter.exchange, error)
    }
    this.timer.clear()
    return true
  }

  onClientGone(gone: ClientGone): void {
    this.timer.clear()
    this.leave(this)
    this.waiter.onLeft(goneWhile(gone, 'while it waited in line'))
  }

  // Nothing of the body comes before it is asked for.
  onBody(): void {}
  onBodyEnd(): void {}
  onBodyPause(): void {}
  onBodyBad(): void {}
  onClientDrain(): void {}
}
