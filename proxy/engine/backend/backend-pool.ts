import type { Socket } from 'node:net'
import { parseAddress, plainAddress } from '../../contract/address'
import type { BackendError } from '../../outbound/backend-error'
import type { Dialer, DialTarget } from '../../outbound/dialer'
import { guarded, type Answerable } from '../intake/border'
import { Intake } from '../intake/intake'
import type { TimerWheel } from '../time/timer-wheel'
import { BackendConnection } from './backend-connection'

const MAX_IDLE = 256
/** Then a connection is made anew: what a backend or a balancer in front of it has moved meanwhile is found at last. */
const MAX_AGE_MS = 5 * 60_000
/** How often it is looked whether a name still leads to the addresses that connections were made to. */
const LOOK_EVERY_MS = 5_000
/** Of no generation of a pool: such a connection never goes back to one. */
const FOR_ONE = -1

/** Who waits for a connection. */
export interface ConnectionWaiter extends Answerable {
  onConnection(connection: BackendConnection): void
  onNoConnection(error: BackendError): void
}

/** A wish for a connection that is under way; without a waiter it is given up, and the connection is kept for the next. */
export interface Wish {
  waiter: ConnectionWaiter | null
}

/** Connections to one backend. The most recently used idle one is given out first, so that surplus ones grow old and close. */
export class BackendPool {
  private readonly dialer: Dialer
  private readonly wheel: TimerWheel
  private readonly idle: BackendConnection[] = []
  headBytes = 32_768
  private generation = 0
  private retired = false
  private identity: string | null = null
  /** When the name is looked up again, in ms of `elapsed`; infinite: it is an address. */
  private lookAt = 0
  /** Where the name leads; null: not known, or it is an address. */
  private addresses: ReadonlySet<string> | null = null

  constructor(dialer: Dialer, wheel: TimerWheel) {
    this.dialer = dialer
    this.wheel = wheel
  }

  /** An idle connection that may stand for one to `target`, or null where there is none. */
  takeIdle(target: DialTarget): BackendConnection | null {
    if (this.idle.length === 0 || target.identity !== this.identity) return null
    const now = this.wheel.now(LOOK_EVERY_MS)
    if (now >= this.lookAt) this.look(target, now)
    for (let connection = this.idle.pop(); connection !== undefined; connection = this.idle.pop()) {
      if (connection.usable) return connection
      connection.destroy()
    }
    return null
  }

  /**
   * Makes a connection, within `timeout` ms. Where the wish is given up meanwhile, the connection is kept for the next. One
   * that begins with a `head` speaks for one client and is kept for nobody.
   */
  connect(waiter: ConnectionWaiter, target: DialTarget, timeout: number, head: Buffer | null = null): Wish {
    const wish: Wish = { waiter }
    const generation = head === null && target.identity === this.identity ? this.generation : FOR_ONE
    const intake = new Intake()
    this.dialer.dial(
      target,
      { timeout, head },
      guarded(waiter, (error: BackendError | null, socket: Socket | null) => {
        const present = wish.waiter
        wish.waiter = null
        if (socket === null) {
          if (error !== null) present?.onNoConnection(error)
          return
        }
        const connection = new BackendConnection(socket, intake, generation, this, this.wheel)
        if (present === null) this.release(connection)
        else present.onConnection(connection)
      }),
      intake,
    )
    return wish
  }

  /** Takes a connection back whose exchange is over in good order. */
  release(connection: BackendConnection): void {
    if (this.retired || connection.generation !== this.generation || this.idle.length >= MAX_IDLE || this.isOld(connection))
      return connection.destroy()
    connection.rest()
    this.idle.push(connection)
  }

  remove(connection: BackendConnection): void {
    const at = this.idle.lastIndexOf(connection)
    if (at !== -1) this.idle.splice(at, 1)
  }

  /**
   * Follows the configuration: connections that were made otherwise, such as without a look at the certificate, are not kept;
   * nor is any to a backend that gets no new requests.
   */
  adopt({ identity }: DialTarget, keeps: boolean, headBytes: number): void {
    this.headBytes = headBytes
    if (identity !== this.identity || !keeps) this.renew()
    this.identity = identity
  }

  /** Closes the half of the idle connections that was used the longest ago; gives how many. */
  giveWay(): number {
    const going = this.idle.splice(0, Math.ceil(this.idle.length / 2))
    for (const connection of going) connection.destroy()
    return going.length
  }

  /** Closes idle connections, and keeps none from now on. */
  retire(): void {
    this.retired = true
    this.renew()
  }

  /** Closes idle connections; running ones are not kept when they are done. */
  private renew(): void {
    this.generation += 1
    for (const connection of this.idle.splice(0)) connection.destroy()
  }

  private isOld({ born, address }: BackendConnection): boolean {
    return this.wheel.now(MAX_AGE_MS) - born > MAX_AGE_MS || (this.addresses !== null && !this.addresses.has(address))
  }

  /** Looks in passing where the name leads now, so that what is busy without a pause follows it, too. */
  private look({ host }: DialTarget, now: number): void {
    this.lookAt = parseAddress(host) === null ? now + LOOK_EVERY_MS : Number.POSITIVE_INFINITY
    if (this.lookAt === Number.POSITIVE_INFINITY) return
    this.dialer.addressesOf(host, (error, found) => {
      // What cannot be looked up now leads where it led.
      if (error !== null || found.length === 0) return
      this.addresses = new Set(found.map(({ address }) => plainAddress(address)))
      for (const connection of this.idle.filter((one) => this.isOld(one))) {
        this.remove(connection)
        connection.destroy()
      }
    })
  }
}
