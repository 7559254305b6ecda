import { BUFFERS } from './buffers'
import { Intake, take } from './intake'
import { SHARED } from './read-buffer'
import { TURNS } from './turns'

/** As much as a busy stream is read at once: four times what others are, a quarter of the system calls. */
const SIZE = 262_144

/**
 * The reading end of a stream. One that is sent much has a buffer of its own, read into again and again: a write mostly
 * reaches the system at once, and then nobody needs the bytes any more. A fresh buffer for each read, as other connections
 * have it, is a good part of what a gigabyte costs.
 */
export class StreamIntake extends Intake {
  private own: Buffer | null = null
  private current: Buffer = SHARED
  private got = 0
  override readonly onread = {
    buffer: (): Buffer => {
      // One that is held back reads nothing for long: a thousand of them would keep 256 MB that nobody uses.
      if (this.got < SHARED.length / 2 || this.socket?.isPaused() === true || BUFFERS.isScarce) this.own = null
      else this.own ??= Buffer.allocUnsafeSlow(SIZE)
      this.current = this.own ?? SHARED
      return this.current
    },
    callback: (size: number): boolean => {
      this.got = size
      take(this.sink, this.current, size)
      return size < this.current.length || this.socket === null || TURNS.mayGoOn(this.socket, size)
    },
  }

  /** What came last is still being written, so the next read must not go there. To be called while it is taken in. */
  giveAway(): void {
    this.own = null
  }
}
