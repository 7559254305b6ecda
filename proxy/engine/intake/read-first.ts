/* oxlint-disable no-underscore-dangle -- the names that Node gives what a stream's maker implements */
import type { Socket } from 'node:net'

const failures = new WeakMap<Socket, NodeJS.ErrnoException>()

/**
 * Lets what lies in a socket be read before a failed write is judged. Who answers early and closes, or says why and hangs
 * up, resets the connection while its last words are already here (RFC 9112 §9.6); the system still gives them to a
 * reader, but Node closes the socket at the first write that fails (`autoDestroy`), and they are lost.
 *
 * The failed write is never called back, so that the stream writes no more and does not end; what is read tells how the
 * connection ended: by its end, or by an error. Where nothing can be read any more, the failure is all there is to tell.
 */
export function readFirst(socket: Socket): void {
  if (Object.hasOwn(socket, '_write')) return
  // A stream has one write under way, and always gives the same callback: nothing is made for each write.
  let written: (error?: Error | null) => void = nobody
  const settle = (error?: NodeJS.ErrnoException | null): void => {
    if (!error || socket.readableEnded || socket.destroyed) return written(error)
    failures.set(socket, error)
  }
  const write = socket._write.bind(socket)
  const writev = socket._writev?.bind(socket)
  socket._write = (chunk, encoding, callback) => {
    written = callback
    write(chunk, encoding, settle)
  }
  if (writev === undefined) return
  socket._writev = (chunks, callback) => {
    written = callback
    writev(chunks, settle)
  }
}

/** Why nothing can be written to a socket any more that is still read; undefined where no write has failed. */
export function failedWrite(socket: Socket): NodeJS.ErrnoException | undefined {
  return failures.get(socket)
}

/** A connection that ends in good order after its write failed had ended before; one that was reset had not (Linux: tcp_reset). */
export function wasReset(socket: Socket): boolean {
  return failures.get(socket)?.code === 'ECONNRESET'
}

function nobody(): void {}
