import type { Socket } from 'node:net'
import { Timer, type TimerWheel } from '../time/timer-wheel'

/** Above this many unsent bytes the other side is not read. */
const HOLD_ABOVE = 262_144
/** When one side has ended, both get so long for their last bytes. */
const LAST_BYTES_MS = 2_000

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
  private readonly client: Socket
  private readonly backend: Socket
  private readonly idle: number
  private readonly listener: TunnelListener
  private readonly timer: Timer
  private ending = false

  constructor(client: Socket, backend: Socket, idle: number, wheel: TimerWheel, listener: TunnelListener) {
    this.client = client
    this.backend = backend
    this.idle = idle
    this.listener = listener
    this.timer = new Timer(wheel, () => this.onTime())
  }

  /** Begins; `early` came from the client and `rest` from the backend before it stood. */
  open(early: Buffer, rest: Buffer): void {
    const { client, backend, listener } = this
    this.timer.set(this.idle)
    this.join(client, backend, (count) => listener.onBytesIn(count))
    this.join(backend, client, (count) => listener.onBytesOut(count))
    this.pass(client, backend, early, (count) => listener.onBytesIn(count))
    this.pass(backend, client, rest, (count) => listener.onBytesOut(count))
    if (client.destroyed || backend.destroyed || !client.readable || !backend.readable) this.end()
    client.resume()
    backend.resume()
  }

  private join(from: Socket, to: Socket, count: (bytes: number) => void): void {
    from.on('data', (chunk: Buffer) => this.pass(from, to, chunk, count))
    to.on('drain', () => from.resume())
    from.once('end', () => this.end())
    from.once('error', () => this.end())
    from.once('close', () => this.end())
  }

  private pass(from: Socket, to: Socket, chunk: Buffer, count: (bytes: number) => void): void {
    if (chunk.length === 0 || this.ending) return
    this.timer.set(this.idle)
    count(chunk.length)
    to.write(chunk)
    if (to.writableLength > HOLD_ABOVE) from.pause()
  }

  /** Ends both sides. What they still send is read and dropped: unread, it would turn the end into a reset. */
  private end(): void {
    if (this.ending) return
    this.ending = true
    this.timer.set(LAST_BYTES_MS)
    for (const [side, other] of [[this.client, this.backend], [this.backend, this.client]] as const) {
      side.end()
      side.resume()
      side.once('end', () => side.destroySoon())
      if (side.readableEnded || other.destroyed) side.destroySoon()
    }
    this.listener.onEnd()
  }

  private onTime(): void {
    if (!this.ending) return this.end()
    this.client.destroy()
    this.backend.destroy()
  }
}
