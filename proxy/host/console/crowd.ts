import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Connections without a request, of all browsers and programs together; a page has about six. */
const MOST_SILENT = 128
/** And so many in all. */
const MOST = 512

/**
 * Keeps the console's connections from taking the host's descriptors, which the engine, the configuration and its history need:
 * any program of this machine may connect. Where too many are silent the longest silent one is closed, so that whoever asks
 * something still finds a place.
 */
export function limitCrowd(server: Server): void {
  const silent = new Set<Socket>()
  server.maxConnections = MOST
  server.on('connection', (socket: Socket) => {
    for (const oldest of silent) {
      if (silent.size < MOST_SILENT) break
      silent.delete(oldest)
      oldest.destroy()
    }
    silent.add(socket)
    socket.once('close', () => silent.delete(socket))
  })
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    silent.delete(socket)
    response.once('close', () => {
      if (!socket.destroyed) silent.add(socket)
    })
  })
}
