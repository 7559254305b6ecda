import type { Socket } from 'node:net'

/** Closes a connection that nobody has looked at; it is nobody's. */
export function refuse(socket: Socket): null {
  socket.on('error', () => undefined)
  socket.destroy()
  return null
}
