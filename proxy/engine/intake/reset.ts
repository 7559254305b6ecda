import type { Socket } from 'node:net'

/**
 * Closes a connection so that what was sent cannot look complete. Only a bare TCP socket can be reset (Node throws for every
 * other kind); one with TLS that closes without its `close_notify` tells the same (RFC 8446 §6.1).
 */
export function reset(socket: Socket): void {
  if (socket.destroyed) return
  if ('encrypted' in socket || socket.remoteFamily === undefined || socket.connecting || isBeingEnded(socket)) socket.destroy()
  else socket.resetAndDestroy()
}

/**
 * Whether the end of what is sent is on its way and nothing else is. During a shutdown libuv refuses the reset
 * (`uv_tcp_close_reset` answers EINVAL); Node then counts the handle as closed although it is not, and neither can nor does
 * close it later (TCPWrap::Reset): a descriptor lost for good. By then all that was sent is complete and with the system.
 */
function isBeingEnded({ writableEnded, writableFinished, writableLength }: Socket): boolean {
  return writableEnded && !writableFinished && writableLength === 0
}
