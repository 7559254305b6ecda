import type { Socket } from 'node:net'
import { Outlet } from '../http/wire/outlet'
import type { Intake } from '../intake/intake'
import { Timer, type TimerWheel } from '../time/timer-wheel'

/** When one side has ended, both get so long for their last bytes. */
const LAST_BYTES_MS = 2_000

/** A connection whose bytes the tunnel takes over. */
export interface TunnelEnd {
  readonly socket: Socket
  readonly intake: Intake
}

export interface TunnelListener {
  onBytesIn(count: number): void
  onBytesOut(count: number): void
  /** One side has ended; called once. */
  onEnd(): void
}

/**
 * The bytes of two connections, passed on as they come. A WebSocket has no half-open state: where one side ends, both do,
 * after what was under way has been passed on.
 */
export class Tunnel {
  private readonly client: TunnelEnd
  private readonly backend: TunnelEnd
  private readonly idle: number
  private readonly listener: TunnelListener
  private readonly timer: Timer
  private ending = false

  constructor(client: TunnelEnd, backend: TunnelEnd, idle: number, wheel: TimerWheel, listener: TunnelListener) {
    this.client = client
    this.backend = backend
    this.idle = idle
    this.listener = listener
    this.timer = new Timer(wheel, () => this.onTime())
  }

  /** Begins; `early` came from the client and `rest` from the backend before it stood. */
  open(early: Buffer, rest: Buffer): void {
    const { listener } = this
    const client = this.client.socket
    const backend = this.backend.socket
    this.timer.set(this.idle)
    this.join(this.client, backend, early, (count) => listener.onBytesIn(count))
    this.join(this.backend, client, rest, (count) => listener.onBytesOut(count))
    if (client.destroyed || backend.destroyed || !client.readable || !backend.readable) this.end()
    client.resume()
    backend.resume()
  }

  private join({ socket: from, intake }: TunnelEnd, to: Socket, first: Buffer, count: (bytes: number) => void): void {
    const outlet = new Outlet(to)
    const range = [0, 0]
    const pass = (buffer: Buffer, end: number): void => {
      if (end === 0 || this.ending) return
      this.timer.set(this.idle)
      count(end)
      range[1] = end
      outlet.pass(buffer, range)
      outlet.flush()
      if (outlet.full) from.pause()
    }
    intake.sink = { onBytes: pass }
    to.on('drain', () => from.resume())
    from.once('end', () => this.end())
    from.once('error', () => this.end())
    from.once('close', () => this.end())
    pass(first, first.length)
  }

  /** Ends both sides. What they still send is read and dropped: unread, it would turn the end into a reset. */
  private end(): void {
    if (this.ending) return
    this.ending = true
    this.timer.set(LAST_BYTES_MS)
    for (const [{ socket: side }, { socket: other }] of [
      [this.client, this.backend],
      [this.backend, this.client],
    ] as const) {
      side.end()
      side.resume()
      side.once('end', () => side.destroySoon())
      if (side.readableEnded || other.destroyed) side.destroySoon()
    }
    this.listener.onEnd()
  }

  private onTime(): void {
    if (!this.ending) return this.end()
    this.client.socket.destroy()
    this.backend.socket.destroy()
  }
}
