import type { IncomingMessage } from 'node:http'

/** How long the rest of a body is read once its answer is there. */
const LINGER_MS = 5_000

/**
 * Reads and drops what still comes of a body whose answer was given already, for a while, then closes the connection:
 * unread, it would turn the answer into a reset (RFC 9112 §9.6).
 */
export function linger(request: IncomingMessage): void {
  request.resume()
  const timer = setTimeout(() => void (request.complete || request.socket.destroy()), LINGER_MS)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
