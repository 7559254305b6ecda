import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createHash } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'

/** A request as the backend saw it. */
export interface Echo {
  readonly name: string
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string | string[] | undefined>
  readonly rawHeaders: readonly string[]
  readonly bodyBytes: number
  readonly bodySha256: string
  readonly trailers: Record<string, string | undefined>
}

export type BackendHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

export interface TestBackend {
  readonly port: number
  readonly url: string
  /** Requests that arrived, in order. */
  readonly seen: IncomingMessage[]
  /** Connections that were opened. */
  readonly connections: () => number
  stop(): Promise<void>
}

/** A small HTTP server that answers what it was asked as JSON, or what `handler` does. */
export async function startBackend(
  options: { name?: string; host?: string; port?: number; handler?: BackendHandler } = {},
): Promise<TestBackend> {
  const { name = 'a', host = '127.0.0.1', handler } = options
  const seen: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, response) => {
    seen.push(request)
    request.on('error', () => undefined)
    if (handler) void handler(request, response)
    else echo(name, request, response)
  })
  server.on('connection', (socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    seen,
    connections: () => connections,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Answers with what was asked. */
export function echo(name: string, request: IncomingMessage, response: ServerResponse): void {
  const hash = createHash('sha256')
  let bodyBytes = 0
  request.on('data', (chunk: Buffer) => {
    bodyBytes += chunk.length
    hash.update(chunk)
  })
  request.on('end', () => {
    const { method = '', url = '', headers, rawHeaders, trailers } = request
    const body: Echo = { name, method, url, headers, rawHeaders, bodyBytes, bodySha256: hash.digest('hex'), trailers }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify(body))
  })
}
