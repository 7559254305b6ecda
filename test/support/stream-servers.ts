import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

/** A WebSocket server that sends back what it gets, after a greeting that comes with the handshake. */
export async function startWsEcho(
  options: { greeting?: string } = {},
): Promise<{ port: number; url: string; open: () => number; stop: () => Promise<void> }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    if (options.greeting !== undefined) socket.send(options.greeting)
    socket.on('message', (data, binary) => socket.send(data, { binary }))
    socket.on('error', () => undefined)
  })
  await new Promise((resolve) => void server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    open: () => server.clients.size,
    stop: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate()
        server.close(() => resolve())
      }),
  }
}

/** A server of events: the test says when one is sent. */
export async function startSse(): Promise<{
  port: number
  url: string
  clients: () => number
  send: (data: string) => void
  stop: () => Promise<void>
}> {
  const open = new Set<ServerResponse>()
  const server = createServer((_: IncomingMessage, response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.flushHeaders()
    open.add(response)
    response.once('close', () => open.delete(response))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    clients: () => open.size,
    send: (data) => open.forEach((response) => response.write(`data: ${data}\n\n`)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
