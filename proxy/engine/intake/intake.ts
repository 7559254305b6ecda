import type { Socket } from 'node:net'
import { nextBuffer, SHARED } from './read-buffer'

/** Takes what comes on a connection. */
export interface ByteSink {
  /** `buffer` holds it from its start to `end`, and only during the call: `keepBytes` is for what is needed longer. */
  onBytes(buffer: Buffer, end: number): void
}

/** The reading end of a connection. */
export class Intake {
  sink: ByteSink | null = null
  private buffer = SHARED
  private size = 0
  /** For sockets that read into a buffer of ours. */
  readonly onread = {
    buffer: (): Buffer => {
      this.buffer = nextBuffer(this.size)
      return this.buffer
    },
    callback: (size: number): boolean => {
      this.size = size
      this.sink?.onBytes(this.buffer, size)
      return true
    },
  }

  /** For sockets that cannot, such as TLS ones: each read comes in a buffer of its own. */
  listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => this.sink?.onBytes(chunk, chunk.length))
  }
}
