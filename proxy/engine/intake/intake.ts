import type { Socket } from 'node:net'
import { ended } from './border'
import { nextBuffer, SHARED } from './read-buffer'
import { TURNS } from './turns'

/** Takes what comes on a connection. */
export interface ByteSink {
  /** `buffer` holds it from its start to `end`, and only during the call: `keepBytes` is for what is needed longer. */
  onBytes(buffer: Buffer, end: number): void
  /** See `Answerable`. Where it is left out, a fault goes on to whoever called. */
  onFault?(error: unknown): string | null
}

/** Gives a sink what came. */
export function take(sink: ByteSink | null, buffer: Buffer, end: number): void {
  if (sink === null) return
  try {
    sink.onBytes(buffer, end)
  } catch (error) {
    if (sink.onFault === undefined) throw error
    ended({ onFault: (fault) => sink.onFault?.(fault) ?? null }, error)
  }
}

/** The reading end of a connection. */
export class Intake {
  sink: ByteSink | null = null
  /** Whose it is, once that is known: where others wait for their turn, too, it is not read on and on. */
  socket: Socket | null = null
  private buffer = SHARED
  private size = 0
  /** For sockets that read into a buffer of ours. */
  readonly onread = {
    buffer: (): Buffer => {
      this.buffer = this.socket?.isPaused() === true ? SHARED : nextBuffer(this.size)
      return this.buffer
    },
    callback: (size: number): boolean => {
      this.size = size
      take(this.sink, this.buffer, size)
      return size < this.buffer.length || this.socket === null || TURNS.mayGoOn(this.socket, size)
    },
  }

  /** For sockets that cannot, such as TLS ones: each read comes in a buffer of its own. */
  listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => take(this.sink, chunk, chunk.length))
  }
}
