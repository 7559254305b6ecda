import { createServer, type Server, type Socket } from 'node:net'
import { parseAddress, type Address } from '../../contract/address'
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
import { ProxyGreeting } from './proxy-greeting'

/** What of a listener can be edited while its socket stays. */
export interface ListenerTraits {
  readonly id: string
  readonly headerBytes: number
  /** Whether each connection begins with a PROXY header. */
  readonly proxyProtocol: boolean
}

export interface HttpListenerOptions {
  readonly port: number
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
  private traits: ListenerTraits
  private readonly options: HttpListenerOptions
  private readonly connections = new Set<ClientConnection>()
  /** Connections that have not said yet who their client is. */
  private readonly greeting = new Set<ProxyGreeting>()

  constructor(traits: ListenerTraits, options: HttpListenerOptions) {
    this.traits = traits
    this.options = options
    // A client may end its half once it has asked; it still wants the answer.
    this.server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (socket) => this.accept(socket))
  }

  get id(): string {
    return this.traits.id
  }

  get port(): number {
    return this.options.port
  }

  get headerBytes(): number {
    return this.traits.headerBytes
  }

  get wheel(): TimerWheel {
    return this.options.wheel
  }

  get connectionCount(): number {
    return this.connections.size
  }

  update(traits: ListenerTraits): void {
    this.traits = traits
  }

  /** Ends the connections that are no longer wanted; gives how many. */
  end(isUnwanted: (connection: ClientConnection) => boolean): number {
    let ended = 0
    for (const connection of this.connections) {
      if (!isUnwanted(connection)) continue
      connection.cut()
      ended += 1
    }
    return ended
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
    for (const { socket } of this.greeting) socket.destroy()
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
      return refuse(socket)
    }
    const intake = new Intake()
    readInto(socket, intake)
    if (this.traits.proxyProtocol) this.greet(socket, intake, peer, address)
    else this.connections.add(new ClientConnection(socket, intake, peer, address, this))
  }

  /** Lets a trusted proxy say who its client is. Nobody else may: without the header the bytes would be read as a request. */
  private greet(socket: Socket, intake: Intake, peer: string, address: Address | null): void {
    const { limits, wheel } = this.options
    if (address === null || !limits.isTrusted(address)) {
      limits.leave(peer)
      return refuse(socket)
    }
    const greeting = new ProxyGreeting(socket, intake, wheel, (source, rest) => {
      this.greeting.delete(greeting)
      limits.leave(peer)
      const client = source ?? peer
      const clientAddress = parseAddress(client)
      if (this.draining || !limits.enter(client, clientAddress, this.connections.size)) return refuse(socket)
      const connection = new ClientConnection(socket, intake, client, clientAddress, this)
      this.connections.add(connection)
      if (rest.length > 0) connection.onBytes(rest, rest.length)
    })
    this.greeting.add(greeting)
    socket.once('close', () => this.greeting.delete(greeting) && limits.leave(peer))
  }
}

function refuse(socket: Socket): void {
  socket.on('error', () => undefined)
  socket.destroy()
}
