import { Intake } from '../intake/intake'
import type { TimerWheel } from '../time/timer-wheel'
import { BackendConnection } from './backend-connection'
import type { BackendError } from './backend-error'
import { dial, type DialOptions, type DialTarget } from './dial'

const MAX_IDLE = 256
/** Of no generation of a pool: such a connection never goes back to one. */
const FOR_ONE = -1

/** Who waits for a connection. */
export interface ConnectionWaiter {
  onConnection(connection: BackendConnection): void
  onNoConnection(error: BackendError): void
}

/** A wish for a connection that is under way; `cancel` forgets who wished. */
export interface Wish {
  waiter: ConnectionWaiter | null
}

/** Connections to one backend. The most recently used idle one is given out first, so that surplus ones grow old and close. */
export class BackendPool {
  private readonly target: () => DialTarget
  private readonly dialing: () => DialOptions
  private readonly wheel: TimerWheel
  private readonly idle: BackendConnection[] = []
  private generation = 0
  private retired = false

  constructor(target: () => DialTarget, dialing: () => DialOptions, wheel: TimerWheel) {
    this.target = target
    this.dialing = dialing
    this.wheel = wheel
  }

  /** An idle connection, or null where there is none. */
  takeIdle(): BackendConnection | null {
    for (let connection = this.idle.pop(); connection !== undefined; connection = this.idle.pop()) {
      if (connection.usable) return connection
      connection.destroy()
    }
    return null
  }

  /**
   * Makes a connection. Where the wish is given up meanwhile, the connection is kept for the next. One that begins with a
   * `preface` speaks for one client and is kept for nobody.
   */
  connect(waiter: ConnectionWaiter, preface: Buffer | null = null): Wish {
    const wish: Wish = { waiter }
    const { generation } = this
    const intake = new Intake()
    dial(
      this.target(),
      { ...this.dialing(), preface },
      (error, socket) => {
        const present = wish.waiter
        wish.waiter = null
        if (socket === null) {
          if (error !== null) present?.onNoConnection(error)
          return
        }
        const connection = new BackendConnection(socket, intake, preface === null ? generation : FOR_ONE, this, this.wheel)
        if (present === null) this.release(connection)
        else present.onConnection(connection)
      },
      intake,
    )
    return wish
  }

  /** Takes a connection back whose exchange is over in good order. */
  release(connection: BackendConnection): void {
    if (this.retired || connection.generation !== this.generation || this.idle.length >= MAX_IDLE) return connection.destroy()
    connection.rest()
    this.idle.push(connection)
  }

  remove(connection: BackendConnection): void {
    const at = this.idle.lastIndexOf(connection)
    if (at !== -1) this.idle.splice(at, 1)
  }

  /** Closes idle connections; running ones are not kept when they are done. */
  renew(): void {
    this.generation += 1
    for (const connection of this.idle.splice(0)) connection.destroy()
  }

  /** As `renew`, and keeps none from now on. */
  retire(): void {
    this.retired = true
    this.renew()
  }
}
