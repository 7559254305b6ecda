import type { Socket } from 'node:net'

/** So many bytes are read in one turn of the event loop of connections that have more than they are asked for at once. */
const PER_TURN = 1_048_576
/** Of one that waited so much is read at least. */
const PIECE = 65_536

/**
 * Whose turn it is to be read, among connections that bring as much as they are let. Node reads up to 32 buffers of one before
 * it looks at the next (libuv, uv__read), and all of them before it does anything else: 500 downloads at once kept a small
 * request waiting for seconds. Beyond a megabyte a turn, which is a millisecond's work, several of them wait in line instead, and others are served in
 * between; at a quarter of it 10 MB answers cost a quarter more of the processor (bench/versus.mjs). While
 * clients come, of whom one is accepted a turn (libuv since 1.46, uv__server_io), turns are kept still shorter.
 */
export class Turns {
  private taken = 0
  private scheduled = false
  private hurried = false
  /** Whether one alone brought much in the last turn, and whose reads were counted last in this one, the how manieth of it. */
  private alone = true
  private last: Socket | null = null
  private flows = 0
  private waiting: Socket[] = []

  /** `perTurn`: bytes. */
  constructor(private readonly perTurn = PER_TURN) {}

  /** A client has come, and others may wait behind it. */
  hurry(): void {
    this.hurried = true
  }

  /** A read has filled its buffer; whether the next one may follow. Where not, reading goes on when its turn comes. */
  mayGoOn(socket: Socket, bytes: number): boolean {
    this.taken += bytes
    if (!this.scheduled) this.schedule()
    if (socket !== this.last) this.flows += 1
    this.last = socket
    if (!this.hurried && (this.taken <= this.perTurn || (this.alone && this.flows === 1))) return true
    this.waiting.push(socket)
    return false
  }

  private schedule(): void {
    this.scheduled = true
    setImmediate(() => this.next())
  }

  private next(): void {
    this.taken = 0
    this.scheduled = false
    this.alone = this.flows <= 1 && this.waiting.length === 0
    this.flows = 0
    this.last = null
    if (this.waiting.length === 0) {
      this.hurried = false
      return
    }
    const first = this.waiting.splice(0, this.hurried ? 1 : this.perTurn / PIECE)
    this.hurried = false
    this.schedule()
    // One that its owner has paused meanwhile goes on when that one wants it to.
    for (const socket of first) if (!socket.destroyed && !socket.isPaused()) socket.resume()
  }
}

/** Of all connections. */
export const TURNS = new Turns()
