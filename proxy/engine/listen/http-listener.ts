import { createServer, type Server, type Socket } from 'node:net'
import { parseAddress } from '../../contract/address'
import type { ErrorCode } from '../../contract/errors'
import type { RequestHead } from '../http/wire/request-head-parser'
import { Intake } from '../intake/intake'
import { readInto } from '../intake/read-into'
import type { TimerWheel } from '../time/timer-wheel'
import { plainAddress } from './client-address'
import { ClientConnection } from './client-connection'
import type { ClientConnectionHome } from './connection-home'
import type { ConnectionLimits } from './connection-limits'
import type { HeadFault } from './head-fault'

export interface HttpListenerOptions {
  id: string
  readonly port: number
  headerBytes: number
  readonly limits: ConnectionLimits
  readonly wheel: TimerWheel
  readonly onRequest: (connection: ClientConnection, head: RequestHead) => void
  /** What came is no request; answers it. */
  readonly onFault: (connection: ClientConnection, code: ErrorCode, reason: string) => void
}

const CODES = { malformed: 'AR_BAD_REQUEST', version: 'AR_VERSION_REFUSED', 'too-large': 'AR_HEAD_TOO_LARGE', 'too-slow': 'AR_REQUEST_TIMEOUT' } satisfies Record<HeadFault['kind'], ErrorCode>

/** One port that speaks HTTP/1.1 to clients. It knows connections and messages, nothing of services. */
export class HttpListener implements ClientConnectionHome<ClientConnection> {
  readonly server: Server
  draining = false
  private readonly options: HttpListenerOptions
  private readonly connections = new Set<ClientConnection>()

  constructor(options: HttpListenerOptions) {
    this.options = options
    // A client may end its half once it has asked; it still wants the answer.
    this.server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => this.accept(socket))
  }

  get id(): string {
    return this.options.id
  }

  get port(): number {
    return this.options.port
  }

  get headerBytes(): number {
    return this.options.headerBytes
  }

  get wheel(): TimerWheel {
    return this.options.wheel
  }

  get connectionCount(): number {
    return this.connections.size
  }

  /** Takes over an edited id and header limit. */
  update(id: string, headerBytes: number): void {
    this.options.id = id
    this.options.headerBytes = headerBytes
  }

  /** Stops accepting; running requests end undisturbed, their connections close after them. Resolves when all are gone. */
  drain(): Promise<void> {
    this.draining = true
    return new Promise((resolve) => {
      this.server.close(() => resolve())
      for (const connection of this.connections) connection.closeIdle()
    })
  }

  /** Cuts every connection. */
  cut(): void {
    for (const { socket } of this.connections) socket.destroy()
  }

  onRequest(connection: ClientConnection, head: RequestHead): void {
    this.options.onRequest(connection, head)
  }

  onFault(connection: ClientConnection, { kind, reason }: HeadFault): void {
    this.options.onFault(connection, CODES[kind], reason)
  }

  onClosed(connection: ClientConnection): void {
    this.connections.delete(connection)
    this.options.limits.leave(connection.peer)
  }

  private accept(socket: Socket): void {
    const peer = plainAddress(socket.remoteAddress ?? '')
    const address = parseAddress(peer)
    if (!this.options.limits.enter(peer, address, this.connections.size)) {
      socket.on('error', () => undefined)
      socket.destroy()
      return
    }
    const intake = new Intake()
    readInto(socket, intake)
    this.connections.add(new ClientConnection(socket, intake, peer, address, this))
  }
}
