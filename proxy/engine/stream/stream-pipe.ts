import type { TunnelEnd } from '../relay/tunnel'
import { Outlet } from '../http/wire/outlet'
import { StreamIntake } from '../intake/stream-intake'
import { Timer, type TimerWheel } from '../time/timer-wheel'

/** Who ended a stream, and why where it was not in good order. */
export interface StreamEnd {
  readonly by: 'client' | 'backend' | 'gateway'
  readonly reason: string | null
}

export interface StreamPipeListener {
  onBytesIn(count: number): void
  onBytesOut(count: number): void
  /** Nothing more will happen; called once. */
  onEnd(end: StreamEnd): void
}

type Side = 'client' | 'backend'

/** How long nothing may come, in ms, and how long where one half has ended. */
export interface StreamTimes {
  readonly idle: number
  readonly halfIdle: number
}

/**
 * The bytes of two connections, each way for itself: where one side ends its half, the other is told so and may go on
 * (RFC 9293 §3.6); a reset is passed on as one. A side that does not keep up holds the other back.
 */
export class StreamPipe {
  private readonly sockets: Readonly<Record<Side, TunnelEnd>>
  private readonly idle: number
  /** Where one half has ended: a client that has gone for good looks the same. */
  private readonly halfIdle: number
  private readonly listener: StreamPipeListener
  private readonly timer: Timer
  /** Halves that have ended in good order. */
  private readonly ended: Side[] = []
  private closed = 0
  /** What was still to be written when the time was last up. */
  private unsent = Number.POSITIVE_INFINITY
  private over = false

  constructor(client: TunnelEnd, backend: TunnelEnd, { idle, halfIdle }: StreamTimes, wheel: TimerWheel, listener: StreamPipeListener) {
    this.sockets = { client, backend }
    this.idle = idle
    this.halfIdle = Math.min(idle, halfIdle)
    this.listener = listener
    this.timer = new Timer(wheel, () => this.onTime())
  }

  /** Begins; `early` came from the client before the backend was there. */
  open(early: Buffer): void {
    const { client, backend } = this.sockets
    this.timer.set(this.idle)
    this.join('client', 'backend', early, (count) => this.listener.onBytesIn(count))
    this.join('backend', 'client', null, (count) => this.listener.onBytesOut(count))
    client.socket.resume()
    backend.socket.resume()
  }

  /** Breaks both connections off. */
  cut(end: StreamEnd): void {
    if (this.over) return
    this.over = true
    this.timer.clear()
    for (const { socket } of Object.values(this.sockets)) if (!socket.destroyed) socket.resetAndDestroy()
    this.listener.onEnd(end)
  }

  private get patience(): number {
    return this.ended.length === 0 ? this.idle : this.halfIdle
  }

  private join(from: Side, to: Side, first: Buffer | null, count: (bytes: number) => void): void {
    const { socket: source, intake } = this.sockets[from]
    const { socket: target } = this.sockets[to]
    const outlet = new Outlet(target)
    const range = [0, 0]
    const pass = (buffer: Buffer, end: number): void => {
      if (end === 0 || this.over) return
      this.timer.set(this.patience)
      this.unsent = Number.POSITIVE_INFINITY
      count(end)
      range[1] = end
      // Behind what still waits to be written it will wait, too: as a copy, it keeps no more memory than it has bytes.
      const waits = intake instanceof StreamIntake && target.writableLength > 0
      outlet.pass(waits ? Buffer.from(buffer.subarray(0, end)) : buffer, range)
      outlet.flush()
      if (intake instanceof StreamIntake && !waits && target.writableLength > 0) intake.giveAway()
      if (outlet.full) source.pause()
    }
    intake.sink = { onBytes: pass }
    target.on('drain', () => {
      this.timer.set(this.patience)
      source.resume()
    })
    source.once('end', () => this.onHalf(from, to))
    source.once('error', (error: NodeJS.ErrnoException) =>
      this.cut({ by: from, reason: `the connection broke (${error.code ?? error.message})` }),
    )
    source.once('close', () => this.onClose(from))
    if (first !== null) pass(first, first.length)
  }

  private onHalf(from: Side, to: Side): void {
    if (this.over || this.ended.includes(from)) return
    this.ended.push(from)
    this.sockets[to].socket.end()
    this.timer.set(this.patience)
    if (this.ended.length === 2) for (const { socket } of Object.values(this.sockets)) socket.destroySoon()
  }

  /** Where both halves have ended, what is still being written goes out first, and only then are both sockets gone. */
  private onClose(side: Side): void {
    if (this.ended.length < 2) return this.cut({ by: side, reason: this.ended.includes(side) ? null : 'the connection was broken off' })
    this.closed += 1
    if (this.closed < 2 || this.over) return
    this.over = true
    this.timer.clear()
    this.listener.onEnd({ by: this.ended[0] ?? 'client', reason: null })
  }

  /** A side that takes what is there, however slowly, is waited for; one that does not has gone. */
  private onTime(): void {
    const { client, backend } = this.sockets
    const unsent = client.socket.writableLength + backend.socket.writableLength
    if (unsent === 0 || unsent >= this.unsent)
      return this.cut({ by: 'gateway', reason: `nothing came for ${Math.round(this.patience / 1_000)} s` })
    this.unsent = unsent
    this.timer.set(this.patience)
  }
}
