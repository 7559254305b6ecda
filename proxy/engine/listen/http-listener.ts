import { createServer, ServerResponse, type IncomingMessage, type Server } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { parseAddress, type Address } from '../../contract/address'
import type { ErrorCode } from '../../contract/errors'
import { buildErrorAnswer, writeErrorAnswer } from '../http/error-answer'
import type { ClientConnection } from '../pipeline/context'
import type { Arrival } from '../pipeline/pipeline'
import { plainAddress } from './client-address'
import type { ConnectionLimits } from './connection-limits'
import { Turns } from './turns'
import { withoutUpgrade } from './without-upgrade'

export interface HttpListenerOptions {
  id: string
  readonly port: number
  readonly headerBytes: number
  readonly limits: ConnectionLimits
  readonly onArrival: (arrival: Arrival) => void
  /** A request that could not be parsed was answered. */
  readonly onMalformed: (client: { readonly peer: string }, ref: string, code: ErrorCode, reason: string) => void
  readonly newReference: () => string
}

/** What Node's parser complains of, where it is not simply a bad request. */
const PARSER_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['AR_HEAD_TOO_LARGE', 'the request’s head is larger than the limit'],
  ERR_HTTP_REQUEST_TIMEOUT: ['AR_REQUEST_TIMEOUT', 'the client did not finish the request’s head in time'],
}

/** How long a client that has ended its side may be left without a byte of its answer. */
const HALF_CLOSED_MS = 700

interface Connection {
  readonly peer: string
  readonly peerAddress: Address | null
  readonly turns: Turns
}

const EMPTY = Buffer.alloc(0)

/** One port that speaks HTTP/1.1 to clients. It knows connections and messages, nothing of services. */
export class HttpListener {
  readonly server: Server
  private readonly options: HttpListenerOptions
  private readonly connections = new Map<Duplex, Connection>()
  private draining = false

  constructor(options: HttpListenerOptions) {
    this.options = options
    this.server = createServer({
      maxHeaderSize: options.headerBytes,
      // Node's limit covers the body too: a slow upload of 6 minutes would be answered 408. Ours is the idle time.
      requestTimeout: 0,
      headersTimeout: 20_000,
      connectionsCheckingInterval: 2_000,
      keepAliveTimeout: 65_000,
      noDelay: true,
      // Checked in the receive phase, which answers properly.
      requireHostHeader: false,
      insecureHTTPParser: false,
    })
    // Above Node's 2,000 fields the rest of a head would be dropped without a word, framing and a second Host among it;
    // its size is what is limited.
    this.server.maxHeadersCount = 0
    // A client may end its side after its request (RFC 9112 §9.6 speaks of both sides); Node's types do not show it.
    Object.assign(this.server, { httpAllowHalfOpen: true })
    this.server.on('connection', (socket) => this.accept(socket))
    this.server.on('request', (request, response) => this.arrive(request, response, false))
    this.server.on('checkContinue', (request, response) => this.arrive(request, response, true))
    this.server.on('checkExpectation', (request, response) => this.arrive(request, response, false))
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
    this.server.on('connect', (request, socket) => this.refuseInTurn(socket, 'AR_METHOD_REFUSED', `the method ${request.method ?? ''} is not passed on`))
    this.server.on('clientError', (error, socket) => this.clientError(error, socket))
  }

  get connectionCount(): number {
    return this.connections.size
  }

  /** Takes over an edited id and header limit; open connections keep theirs. */
  update(id: string, headerBytes: number): void {
    this.options.id = id
    // Node reads it for each new connection; its types do not show it.
    Object.assign(this.server, { maxHeaderSize: headerBytes })
  }

  /** Stops accepting; running requests end undisturbed, their connections close after them. Resolves when all are gone. */
  drain(): Promise<void> {
    this.draining = true
    return new Promise((resolve) => {
      this.server.close(() => resolve())
      this.server.closeIdleConnections()
      for (const [socket, { turns: { current } }] of this.connections) {
        // Node does not count a connection as idle on which nothing was ever sent, such as one that a browser keeps ready.
        if (socket instanceof Socket && socket.bytesRead === 0) socket.destroy()
        else if (current instanceof ServerResponse && !current.headersSent) current.shouldKeepAlive = false
      }
    })
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.connections.keys()) socket.destroy()
  }

  private accept(socket: Socket): void {
    // A connection whose upgrade was turned down is given to the parser a second time.
    if (this.connections.has(socket)) return
    const { limits } = this.options
    const peer = plainAddress(socket.remoteAddress ?? '')
    const peerAddress = parseAddress(peer)
    if (!limits.enter(peer, peerAddress, this.connections.size)) return void socket.destroy()
    const turns = new Turns(socket)
    this.connections.set(socket, { peer, peerAddress, turns })
    // A reset between two requests is nobody's fault; without a listener it would end the process.
    socket.on('error', () => undefined)
    socket.once('end', () => turns.current instanceof ServerResponse && watchHalfClosed(socket))
    socket.once('close', () => {
      this.connections.delete(socket)
      limits.leave(peer)
    })
  }

  private arrive(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const connection = this.connections.get(request.socket)
    if (connection === undefined) return void request.socket.destroy()
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    connection.turns.take(response, () => {
      if (this.draining) response.shouldKeepAlive = false
      response.once('close', () => this.draining && setImmediate(() => this.server.closeIdleConnections()))
      this.options.onArrival({ request, response, head: EMPTY, connection: this.seenNow(request.socket, connection), expectsContinue })
    })
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const connection = this.connections.get(socket)
    if (connection === undefined) return void socket.destroy()
    const { turns } = connection
    turns.take('bare', () => {
      if (isWebSocket(request)) return this.options.onArrival({ request, response: null, head, connection: this.seenNow(request.socket, connection), expectsContinue: false })
      // Any other protocol, h2c above all, would carry requests past the rules: it is answered as if it had not been offered.
      turns.release()
      socket.unshift(Buffer.concat([withoutUpgrade(request), head]))
      this.server.emit('connection', socket)
    })
  }

  private clientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    const current = this.connections.get(socket)?.turns.current ?? null
    const began = current instanceof ServerResponse && current.headersSent
    const silent = socket instanceof Socket && socket.bytesRead === 0
    const left = error.code === 'ECONNRESET' || error.code === 'HPE_INVALID_EOF_STATE'
    // Into an answer that is under way an error answer must not be written; who left or never spoke waits for none.
    if (left || silent || !socket.writable || (began && !current.req.complete)) return void socket.destroy()
    const [code, reason] = PARSER_ERRORS[error.code ?? ''] ?? ['AR_BAD_REQUEST', 'the request is not valid HTTP']
    // What cannot be read in the middle of a request ends that one; after a whole one, its answer comes first.
    if (current instanceof ServerResponse && !current.req.complete) this.refuse(socket, code, reason)
    else this.refuseInTurn(socket, code, reason)
  }

  private refuseInTurn(socket: Duplex, code: ErrorCode, reason: string): void {
    const connection = this.connections.get(socket)
    if (connection === undefined) return void socket.destroy()
    connection.turns.take('bare', () => this.refuse(socket, code, reason))
  }

  private refuse(socket: Duplex, code: ErrorCode, reason: string): void {
    const connection = this.connections.get(socket)
    if (connection === undefined) return void socket.destroy()
    const ref = this.options.newReference()
    writeErrorAnswer(socket, buildErrorAnswer(code, ref, undefined))
    this.options.onMalformed(connection, ref, code, reason)
  }

  /** The connection as a request sees it: with the listener's id of this moment. */
  private seenNow(socket: Socket, { peer, peerAddress }: Connection): ClientConnection {
    return { socket, listener: this.options.id, port: this.options.port, peer, peerAddress }
  }
}

/** A handshake (RFC 6455 §4.1). One with a body is none: the body would be taken for the tunnel's first bytes. */
function isWebSocket({ method, headers, httpVersion }: IncomingMessage): boolean {
  const empty = headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
  return method === 'GET' && headers.upgrade?.trim().toLowerCase() === 'websocket' && httpVersion === '1.1' && empty
}

/**
 * A client that ended its side may still read, as `nc` does, or may be gone: both look the same until something is sent.
 * So its answer may come and go on, but not be silent; a request that nobody waits for ends within a second.
 */
function watchHalfClosed(socket: Socket): void {
  let written = socket.bytesWritten
  const timer = setInterval(() => {
    if (socket.bytesWritten === written && socket.writableLength === 0) socket.destroy()
    written = socket.bytesWritten
  }, HALF_CLOSED_MS)
  socket.once('close', () => clearInterval(timer))
}
