import { Timer, type TimerWheel } from '../time/timer-wheel'
import type { BodySink, Exchange } from './exchange'

/** Whoever waits for a backend that has room. */
export interface Waiter {
  readonly exchange: Exchange
  /** A backend may have room: try again. False where it still has none. */
  onRoom(): boolean
  onTimeUp(): void
  onLeft(): void
}

/** Requests of each service that wait for a backend with room, first come, first served. */
export class WaitQueues {
  private readonly queues = new Map<string, Place[]>()
  private readonly wheel: TimerWheel

  constructor(wheel: TimerWheel) {
    this.wheel = wheel
  }

  /** Lets a request wait for `wait` ms; false where `length` wait already. */
  enter(service: string, waiter: Waiter, { length, wait }: { readonly length: number; readonly wait: number }): boolean {
    const queue = this.queues.get(service) ?? []
    if (queue.length >= length) return false
    this.queues.set(service, queue)
    queue.push(new Place(waiter, wait, this.wheel, (place) => this.leave(service, place)))
    return true
  }

  /** A request of this service has ended: the first that waits may have found room. */
  room(service: string): void {
    const queue = this.queues.get(service)
    const first = queue?.[0]
    if (queue === undefined || first === undefined) return
    queue.shift()
    if (queue.length === 0) this.queues.delete(service)
    if (!first.tryAgain()) this.queues.set(service, [first, ...(this.queues.get(service) ?? [])])
  }

  /** States or limits have changed: everybody who waits tries again. */
  roomAnywhere(): void {
    for (const [service, queue] of this.queues) for (let tries = queue.length; tries > 0; tries--) this.room(service)
  }

  private leave(service: string, place: Place): void {
    const queue = this.queues.get(service)
    if (queue === undefined) return
    queue.splice(queue.indexOf(place), 1)
    if (queue.length === 0) this.queues.delete(service)
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
    this.timer = new Timer(wheel, () => {
      leave(this)
      waiter.onTimeUp()
    })
    this.timer.set(wait)
    waiter.exchange.listen(this)
  }

  tryAgain(): boolean {
    if (!this.waiter.onRoom()) return false
    this.timer.clear()
    return true
  }

  onClientGone(): void {
    this.timer.clear()
    this.leave(this)
    this.waiter.onLeft()
  }

  // Nothing of the body comes before it is asked for.
  onBody(): void {}
  onBodyEnd(): void {}
  onBodyPause(): void {}
  onBodyBad(): void {}
  onClientDrain(): void {}
}
