import type { Socket } from 'node:net'
import { Outlet } from '../http/wire/outlet'
import type { Intake } from '../intake/intake'
import { failedWrite, readFirst, wasReset } from '../intake/read-first'
import { reset } from '../intake/reset'
import { FAULT_WORDS, guarded } from '../intake/border'
import { StreamIntake } from '../intake/stream-intake'
import { Progress, unsent } from '../intake/unsent'
import { Timer, type TimerWheel } from '../time/timer-wheel'

/** A connection whose bytes the pipe takes over. */
export interface PipeEnd {
  readonly socket: Socket
  readonly intake: Intake
}

/** Who ended it, and why where it was not in good order. */
export interface PipeOver {
  readonly by: 'client' | 'backend' | 'gateway'
  readonly reason: string | null
}

export interface PipeListener {
  onBytesIn(count: number): void
  onBytesOut(count: number): void
  /** Nothing more will happen; called once. */
  onEnd(over: PipeOver): void
}

/** How long nothing may come, in ms, and how long where one half has ended. */
export interface PipeTimes {
  readonly idle: number
  readonly halfIdle: number
}

type Side = 'client' | 'backend'

const NOTHING = Buffer.alloc(0)
/** So many bytes for one that has gone are dropped before who sends them is told by a reset. */
const MOST_DROPPED = 262_144

/**
 * The bytes of two connections, each way for itself: where one side ends its half, the other is told so once it has taken
 * what came before, and may go on (RFC 9293 §3.6); a reset is passed on as one. A side that does not keep up holds the other
 * back. What runs over it, a stream or a WebSocket, is nobody's business here.
 */
export class BytePipe {
  private readonly ends: Readonly<Record<Side, PipeEnd>>
  private readonly idle: number
  /** Where one half has ended: a client that has gone for good looks the same. */
  private readonly halfIdle: number
  private readonly listener: PipeListener
  private readonly timer: Timer
  /** Halves that have ended in good order. */
  private readonly ended: Side[] = []
  /** One that ended its half and now takes nothing any more: what still comes for it is dropped. */
  private gone: Side | null = null
  private dropped = 0
  private closed = 0
  private readonly progress = new Progress()
  private over = false

  constructor(client: PipeEnd, backend: PipeEnd, { idle, halfIdle }: PipeTimes, wheel: TimerWheel, listener: PipeListener) {
    this.ends = { client, backend }
    this.idle = idle
    this.halfIdle = Math.min(idle, halfIdle)
    this.listener = listener
    this.timer = new Timer(wheel, () => this.onTime(), this)
  }

  /** Begins; `early` came from the client, and `rest` from the backend, before it stood. */
  open(early: Buffer, rest: Buffer = NOTHING): void {
    const { client, backend } = this.ends
    this.timer.set(this.idle)
    for (const { socket } of [client, backend]) {
      // A half that ends must not end the other one with it, whatever the socket was made for.
      socket.allowHalfOpen = true
      readFirst(socket)
    }
    this.join('client', 'backend', early, (count) => this.listener.onBytesIn(count))
    this.join('backend', 'client', rest, (count) => this.listener.onBytesOut(count))
    for (const [from, to] of WAYS) {
      const { socket } = this.ends[from]
      if (socket.closed) this.onClose(from)
      else if (socket.readableEnded) this.onHalf(from, to)
      else socket.resume()
    }
  }

  /** Breaks both connections off. */
  cut(over: PipeOver): void {
    if (this.over) return
    this.finish(over)
    for (const { socket } of Object.values(this.ends)) reset(socket)
  }

  onFault(): null {
    this.cut({ by: 'gateway', reason: FAULT_WORDS })
    return null
  }

  private get patience(): number {
    return this.ended.length === 0 ? this.idle : this.halfIdle
  }

  private join(from: Side, to: Side, first: Buffer, count: (bytes: number) => void): void {
    const { socket: source, intake } = this.ends[from]
    const { socket: target } = this.ends[to]
    const outlet = new Outlet(target)
    const range = [0, 0]
    const isStream = intake instanceof StreamIntake
    const pass = (buffer: Buffer, end: number): void => {
      if (end === 0 || this.over) return
      if (this.gone === to) return this.drop(end)
      this.timer.set(this.patience)
      count(end)
      range[1] = end
      // Behind what still waits to be written it will wait, too: as a copy, it keeps no more memory than it has bytes.
      const waits = isStream && target.writableLength > 0
      outlet.pass(waits ? Buffer.from(buffer.subarray(0, end)) : buffer, range)
      outlet.flush()
      if (isStream && !waits && target.writableLength > 0) intake.giveAway()
      if (outlet.full) source.pause()
    }
    intake.sink = { onBytes: pass, onFault: () => this.onFault() }
    const whenDrained = (): void => {
      this.timer.set(this.patience)
      source.resume()
    }
    const whenEnded = (): void => {
      if (wasReset(source)) return this.onBroken(from, failedWrite(source))
      this.onHalf(from, to)
      if (failedWrite(source) !== undefined) this.onBroken(from, undefined)
    }
    target.on('drain', guarded(this, whenDrained))
    source.once('end', guarded(this, whenEnded))
    source.once(
      'error',
      guarded(this, (error: NodeJS.ErrnoException) => this.onBroken(from, error)),
    )
    source.once(
      'close',
      guarded(this, () => this.onClose(from)),
    )
    pass(first, first.length)
  }

  private onHalf(from: Side, to: Side): void {
    if (this.over || this.ended.includes(from)) return
    this.ended.push(from)
    this.ends[to].socket.end()
    this.timer.set(this.patience)
    if (this.ended.length === 2) for (const { socket } of Object.values(this.ends)) socket.destroySoon()
  }

  /** One that ended its half in good order and then takes no more has simply gone; the other still gets all that it said. */
  private onBroken(side: Side, error: NodeJS.ErrnoException | undefined): void {
    if (this.over) return
    if (!this.ended.includes(side))
      return this.cut({
        by: side,
        reason: error === undefined ? 'the connection was broken off' : `the connection broke (${error.code ?? error.message})`,
      })
    if (this.gone !== null) return this.finishBoth()
    this.gone = side
    const other = side === 'client' ? this.ends.backend.socket : this.ends.client.socket
    this.ends[side].socket.destroy()
    // What the other still sends is read and dropped: unread, it would turn the end that it is sent into a reset.
    other.resume()
    if (this.ended.length === 2) other.destroySoon()
  }

  private drop(count: number): void {
    this.dropped += count
    if (this.dropped <= MOST_DROPPED) return
    this.finish({ by: this.ended[0] ?? 'client', reason: null })
    for (const { socket } of Object.values(this.ends)) reset(socket)
  }

  /** Where both halves have ended, what is still being written goes out first, and only then are both sockets gone. */
  private onClose(side: Side): void {
    if (this.over) return
    this.closed += 1
    if (this.closed === 2) return this.finishBoth()
    if (this.ended.length < 2) this.onBroken(side, undefined)
  }

  private finishBoth(): void {
    this.finish({ by: this.ended[0] ?? 'client', reason: null })
    for (const { socket } of Object.values(this.ends)) socket.destroy()
  }

  private finish(over: PipeOver): void {
    if (this.over) return
    this.over = true
    this.timer.clear()
    this.listener.onEnd(over)
  }

  /** A side that takes what is there, however slowly, is waited for; one that does not has gone. */
  private onTime(): void {
    const { client, backend } = this.ends
    if (this.progress.isMade(unsent(client.socket) + unsent(backend.socket))) return this.timer.set(this.patience)
    if (this.gone !== null) return this.finishBoth()
    this.cut({ by: 'gateway', reason: `nothing came for ${Math.round(this.patience / 1_000)} s` })
  }
}

const WAYS = [
  ['client', 'backend'],
  ['backend', 'client'],
] as const
