import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { parseAddress } from '../../contract/address'
import type { ErrorCode } from '../../contract/errors'
import { buildErrorAnswer, writeErrorAnswer } from '../http/error-answer'
import type { ClientConnection } from '../pipeline/context'
import type { Arrival } from '../pipeline/pipeline'
import { plainAddress } from './client-address'
import type { ConnectionLimits } from './connection-limits'
import { withoutUpgrade } from './without-upgrade'

export interface HttpListenerOptions {
  id: string
  readonly port: number
  readonly headerBytes: number
  readonly limits: ConnectionLimits
  readonly onArrival: (arrival: Arrival) => void
  /** A request that could not be parsed was answered. */
  readonly onMalformed: (connection: ClientConnection, ref: string, code: ErrorCode, reason: string) => void
  readonly newReference: () => string
}

/** Node's parser errors and the codes that stand for them; anything else is a bad request. */
const PARSER_ERRORS: Readonly<Record<string, ErrorCode>> = { HPE_HEADER_OVERFLOW: 'AR_HEAD_TOO_LARGE', ERR_HTTP_REQUEST_TIMEOUT: 'AR_REQUEST_TIMEOUT' }

const EMPTY = Buffer.alloc(0)

/** One port that speaks HTTP/1.1 to clients. It knows connections and messages, nothing of services. */
export class HttpListener {
  readonly server: Server
  private readonly options: HttpListenerOptions
  private readonly connections = new Map<Duplex, ClientConnection>()
  /** Answers that are under way or wait for their turn, by connection. */
  private readonly answers = new WeakMap<Duplex, Set<ServerResponse>>()
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
    this.server.on('connection', (socket) => this.accept(socket))
    this.server.on('request', (request, response) => this.arrive(request, response, false))
    this.server.on('checkContinue', (request, response) => this.arrive(request, response, true))
    this.server.on('checkExpectation', (request, response) => this.arrive(request, response, false))
    this.server.on('upgrade', (request, socket, head) => this.upgrade(request, socket, head))
    this.server.on('connect', (request, socket) => this.refuse(socket, 'AR_METHOD_REFUSED', `the method ${request.method ?? ''} is not passed on`))
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
    })
  }

  /** Cuts every connection. */
  cut(): void {
    for (const socket of this.connections.keys()) socket.destroy()
  }

  private accept(socket: Socket): void {
    // A connection whose upgrade was turned down is given to the parser a second time.
    if (this.connections.has(socket)) return
    const peer = plainAddress(socket.remoteAddress ?? '')
    if (peer === '' || !this.options.limits.enter(peer, this.connections.size)) return void socket.destroy()
    const options = this.options
    this.connections.set(socket, { socket, port: options.port, peer, peerAddress: parseAddress(peer), get listener() { return options.id } })
    const open = new Set<ServerResponse>()
    this.answers.set(socket, open)
    // A reset between two requests is nobody's fault; without a listener it would end the process.
    socket.on('error', () => undefined)
    socket.once('close', () => {
      this.connections.delete(socket)
      options.limits.leave(peer)
      // Node tells an answer that its connection has gone only once it was its turn (pipelining, RFC 9112 §9.3.2).
      for (const response of open) if (response.socket === null) response.emit('close')
    })
  }

  private arrive(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const connection = this.connections.get(request.socket)
    if (connection === undefined) return void request.socket.destroy()
    if (this.draining) response.shouldKeepAlive = false
    const open = this.answers.get(request.socket)
    open?.add(response)
    response.once('close', () => open?.delete(response))
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    response.once('close', () => this.draining && setImmediate(() => this.server.closeIdleConnections()))
    this.options.onArrival({ request, response, head: EMPTY, connection: { ...connection }, expectsContinue })
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const connection = this.connections.get(socket)
    if (connection === undefined) return void socket.destroy()
    if (request.method === 'GET' && request.headers.upgrade?.trim().toLowerCase() === 'websocket' && request.httpVersion === '1.1') {
      return this.options.onArrival({ request, response: null, head, connection: { ...connection }, expectsContinue: false })
    }
    // Any other protocol, h2c above all, would carry requests past the rules: it is answered as if it had not been offered.
    socket.unshift(Buffer.concat([withoutUpgrade(request), head]))
    this.server.emit('connection', socket)
  }

  private clientError(error: NodeJS.ErrnoException, socket: Duplex): void {
    // Into an answer that is under way an error answer must not be written.
    const begun = [...(this.answers.get(socket) ?? [])].some(({ headersSent }) => headersSent)
    if (error.code === 'ECONNRESET' || !socket.writable || begun) return void socket.destroy()
    this.refuse(socket, PARSER_ERRORS[error.code ?? ''] ?? 'AR_BAD_REQUEST', 'the request is not valid HTTP')
  }

  private refuse(socket: Duplex, code: ErrorCode, reason: string): void {
    const connection = this.connections.get(socket)
    if (connection === undefined) return void socket.destroy()
    const ref = this.options.newReference()
    writeErrorAnswer(socket, buildErrorAnswer(code, ref, undefined))
    this.options.onMalformed(connection, ref, code, reason)
  }
}
