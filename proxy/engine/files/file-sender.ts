import type { Exchange } from '../visit/exchange'
import { ended } from '../intake/border'
import { Progress } from '../intake/unsent'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import type { Span } from './byte-range'
import type { OpenFile } from './file-reads'

const PIECE = 65_536

/** Why a file was not sent to its end, and who is to blame. */
export interface BrokenOff {
  readonly by: 'client' | 'gateway'
  readonly reason: string
}

/** Sends a part of a file as the answer's body, no faster than the client takes it. */
export class FileSender {
  private readonly exchange: Exchange
  private readonly file: OpenFile
  private readonly timer: Timer
  private readonly idle: number
  private readonly onBytes: (count: number) => void
  private readonly done: (broken: BrokenOff | null) => void
  private at: number
  private readonly end: number
  private held = false
  private readonly progress = new Progress()
  private over = false

  /** `idle`: how long a client may take nothing, in ms. `done`: called once, with what went wrong. */
  constructor(
    exchange: Exchange,
    file: OpenFile,
    { start, end }: Span,
    idle: number,
    wheel: TimerWheel,
    onBytes: (count: number) => void,
    done: (broken: BrokenOff | null) => void,
  ) {
    this.exchange = exchange
    this.file = file
    this.at = start
    this.end = end
    this.idle = idle
    this.onBytes = onBytes
    this.done = done
    this.timer = new Timer(wheel, () => this.onTime(), exchange)
  }

  start(): void {
    this.go()
  }

  /** The client has taken what was held back for it. */
  resume(): void {
    if (!this.held) return
    this.held = false
    this.timer.rest()
    this.go()
  }

  private go(): void {
    this.send().catch((error: unknown) => ended(this.exchange, error))
  }

  /** The client has gone; nothing is told any more. */
  stop(): void {
    this.close()
  }

  private async send(): Promise<void> {
    while (!this.over && this.at < this.end) {
      const piece = Buffer.allocUnsafeSlow(Math.min(PIECE, this.end - this.at))
      const size = await this.file.read(piece, this.at)
      if (this.over) return
      if (size === null || size === 0)
        return this.finish({
          by: 'gateway',
          reason: size === null ? 'the file could not be read to its end' : 'the file became shorter while it was sent',
        })
      this.at += size
      this.onBytes(size)
      this.exchange.write(piece, { ranges: [0, size], size })
      this.exchange.flush()
      if (!this.exchange.full) continue
      this.held = true
      this.progress.begin(this.exchange.pending)
      this.timer.set(this.idle)
      return
    }
    if (!this.over) this.finish(null)
  }

  /** A client that takes what is there, however slowly, is waited for. */
  private onTime(): void {
    if (this.progress.isMade(this.exchange.pending)) this.timer.set(this.idle)
    else this.finish({ by: 'client', reason: `the client took nothing for ${Math.round(this.idle / 1_000)} s` })
  }

  private finish(broken: BrokenOff | null): void {
    if (this.close()) this.done(broken)
  }

  /** False where it is closed already. */
  private close(): boolean {
    if (this.over) return false
    this.over = true
    this.timer.clear()
    this.file.close()
    return true
  }
}
