import type { Socket } from 'node:net'

/**
 * Closes a connection so that what was sent cannot look complete. Only a bare TCP socket can be reset (Node throws for every
 * other kind); one with TLS that closes without its `close_notify` tells the same (RFC 8446 §6.1).
 */
export function reset(socket: Socket): void {
  if (socket.destroyed) return
  if ('encrypted' in socket || socket.remoteFamily === undefined) socket.destroy()
  else socket.resetAndDestroy()
}
