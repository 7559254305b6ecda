import type { Socket } from 'node:net'
import { elapsed } from '../../contract/clock'
import { Progress, unsent } from '../intake/unsent'
import type { Timer } from '../time/timer-wheel'

/** Of the last bytes none may be taken for so long. */
const LAST_BYTES_MS = 60_000
/** Then the client's own end is awaited for so long after what it last sent, and at most. */
const LINGER_MS = 2_000
const LINGER_MOST_MS = 30_000

/**
 * The end of a connection in good order (RFC 9112 §9.6): what is written goes out as fast as the client takes it, then the
 * end, and until the client's own end what it still sends is read and dropped, since unread it would turn the end into a
 * reset that takes the answer with it.
 */
export class Parting {
  private readonly socket: Socket
  private readonly timer: Timer
  private readonly progress = new Progress()
  private until = 0

  /** `isLeft`: the client has ended its half already. */
  constructor(socket: Socket, timer: Timer, isLeft: boolean) {
    this.socket = socket
    this.timer = timer
    timer.set(LAST_BYTES_MS)
    socket.end(() => {
      this.until = elapsed() + LINGER_MOST_MS
      this.linger()
    })
    socket.resume()
    if (isLeft) socket.destroySoon()
  }

  /** The client still sends. */
  linger(): void {
    if (elapsed() < this.until) this.timer.set(LINGER_MS)
  }

  onTime(): void {
    if (this.progress.isMade(unsent(this.socket))) this.timer.set(LAST_BYTES_MS)
    else this.socket.destroy()
  }
}
