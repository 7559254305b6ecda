import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

const SMALL = Buffer.alloc(100, 'x')
const PIECE = Buffer.alloc(64 * 1024, 'y')
export const BIG_BYTES = 32 * PIECE.length
const EVENT_INTERVAL = 20

/** Everything a backend may do: small and big answers, uploads, events without end, WebSocket. */
export async function startSoakBackend(): Promise<{ url: string; stop(): void }> {
  const streams = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    response.on('error', () => undefined)
    if (request.url === '/upload') {
      let bytes = 0
      request.on('data', (chunk: Buffer) => (bytes += chunk.length)).on('end', () => response.end(String(bytes)))
    } else if (request.url === '/big') writeBig(response)
    else if (request.url === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.once('close', () => streams.delete(response))
      streams.add(response)
    } else response.end(SMALL)
  })
  const timer = setInterval(() => streams.forEach((response) => response.write('data: tick\n\n')), EVENT_INTERVAL)
  const sockets = new WebSocketServer({ server, path: '/ws' })
  sockets.on('connection', (socket) => socket.on('error', () => undefined).on('message', (data, binary) => socket.send(data, { binary })))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      clearInterval(timer)
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
    },
  }
}

/** In pieces and without a length, as fast as they are taken. */
function writeBig(response: ServerResponse): void {
  let left = BIG_BYTES / PIECE.length
  function more(): void {
    while (left > 0 && !response.destroyed) {
      left -= 1
      if (!response.write(PIECE)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}
