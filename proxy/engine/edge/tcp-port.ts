import { createServer, type Server, type Socket } from 'node:net'
import { ACCEPTING, type InheritedPort } from './inherited'
import { plainAddress, parseAddress, type Address } from '../../contract/address'
import { guarded, type Answerable } from '../intake/border'
import { Intake } from '../intake/intake'
import { readInto } from '../intake/read-into'
import { TURNS } from '../intake/turns'
import type { TimerWheel } from '../time/timer-wheel'
import type { ConnectionLimits, NoEntry } from './connection-limits'
import type { ListenerTraits, OpenConnection, PortSocket, ReasonToEnd } from './port-socket'
import { ProxyGreeting } from './proxy-greeting'

export interface TcpPortOptions {
  readonly port: number
  readonly limits: ConnectionLimits
  readonly wheel: TimerWheel
  /** A connection that should have begun with a PROXY header of a trusted proxy did not. */
  readonly onGreetingRefused: (listener: string, peer: string, reason: string) => void
  /** A connection was closed at once, since as many are open as may be. */
  readonly onFull: (listener: string, peer: string, why: NoEntry) => void
}

/** A client's connection, as its port has to know it. */
export interface TcpConnection extends OpenConnection {
  readonly socket: Socket
  readonly peer: string
  /** Closes it if nothing of it runs. */
  closeIdle(): void
  /** Breaks it off; what runs on it is told of with this reason. */
  cut(reason: string): void
}

/** One TCP port: accepts within the limits, lets trusted proxies say who their client is, and keeps count. */
export abstract class TcpPort<Connection extends TcpConnection, Options extends TcpPortOptions = TcpPortOptions> implements PortSocket {
  private server: Server
  draining = false
  protected readonly options: Options
  private traits: ListenerTraits
  private readonly connections = new Set<Connection>()
  /** Connections that have not said yet who their client is. */
  private readonly greeting = new Set<ProxyGreeting>()

  constructor(traits: ListenerTraits, options: Options) {
    this.traits = traits
    this.options = options
    this.server = createServer(ACCEPTING, (socket) => this.accept(socket))
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

  /** How long a connection may wait for its next request, in ms. */
  get keepAliveMs(): number {
    return this.options.limits.keepAlive
  }

  get wheel(): TimerWheel {
    return this.options.wheel
  }

  get connectionCount(): number {
    return this.connections.size
  }

  /** Node's own dual-stack sockets: `::` takes IPv4 too. */
  bind(address: string, port: number, inherited: InheritedPort | null): Promise<NodeJS.ErrnoException | null> {
    if (inherited?.transport === 'tcp') {
      this.server = inherited.server
      inherited.take((socket) => this.accept(socket))
      return Promise.resolve(null)
    }
    const { server } = this
    return new Promise((resolve) => {
      server.once('error', resolve)
      server.listen({ host: address, port, exclusive: true, backlog: 4096 }, () => {
        server.removeListener('error', resolve)
        // An error of a listening socket (too many open files) costs a connection, not the process.
        server.on('error', () => undefined)
        resolve(null)
      })
    })
  }

  get handle(): Server | null {
    return this.server.listening ? this.server : null
  }

  update(traits: ListenerTraits): void {
    this.traits = traits
  }

  end(why: ReasonToEnd): number {
    let ended = 0
    for (const connection of this.connections) {
      const reason = why(connection)
      if (reason === null) continue
      connection.cut(reason)
      ended += 1
    }
    return ended
  }

  /**
   * Stops accepting; what runs ends undisturbed. Resolves when all are gone. A connection that is idle may be about to bring
   * a request, which a close would lose: where a successor serves there is time, and it is told with its next answer.
   */
  drain(successor = false): Promise<void> {
    this.draining = true
    return new Promise((resolve) => {
      this.server.close(() => resolve())
      if (!successor) this.closeIdle()
    })
  }

  closeIdle(): void {
    for (const connection of this.connections) connection.closeIdle()
  }

  cut(reason: string): void {
    for (const connection of this.connections) connection.cut(reason)
    for (const { socket } of this.greeting) socket.destroy()
  }

  onClosed(connection: Connection): void {
    this.connections.delete(connection)
    this.options.limits.leave(connection.peerAddress)
  }

  /** Makes a connection of an accepted socket; `early` came behind its PROXY header. */
  protected abstract adopt(socket: Socket, intake: Intake, peer: string, address: Address | null, early: Buffer): Connection

  private accept(socket: Socket): void {
    TURNS.hurry()
    const peer = plainAddress(socket.remoteAddress ?? '')
    const address = parseAddress(peer)
    if (!this.mayEnter(peer, address)) return refuse(socket)
    const intake = new Intake()
    readInto(socket, intake)
    if (this.traits.proxyProtocol) this.greet(socket, intake, peer, address)
    else guarded(ownerOf(socket), () => this.take(this.adopt(socket, intake, peer, address, NOTHING)))()
  }

  /** Lets a trusted proxy say who its client is. Nobody else may: without the header the bytes would be read as a request. */
  private greet(socket: Socket, intake: Intake, peer: string, address: Address | null): void {
    const { limits, wheel } = this.options
    if (address === null || !limits.isTrusted(address)) {
      limits.leave(address)
      this.options.onGreetingRefused(this.id, peer, 'it is no trusted proxy, and this port takes PROXY headers only')
      return refuse(socket)
    }
    const greeting = new ProxyGreeting(socket, intake, wheel, (source, rest) => {
      this.greeting.delete(greeting)
      limits.leave(address)
      const client = source ?? peer
      const clientAddress = parseAddress(client)
      if (this.draining || !this.mayEnter(client, clientAddress)) return refuse(socket)
      this.take(this.adopt(socket, intake, client, clientAddress, rest))
    })
    greeting.onRefused = () => this.options.onGreetingRefused(this.id, peer, 'no valid PROXY header came')
    this.greeting.add(greeting)
    socket.once('close', () => this.greeting.delete(greeting) && limits.leave(address))
  }

  private mayEnter(peer: string, address: Address | null): boolean {
    const why = this.options.limits.enter(address, this.connections.size)
    if (why !== null) this.options.onFull(this.id, peer, why)
    return why === null
  }

  private take(connection: Connection): void {
    // One that was refused at once has gone already.
    if (!connection.socket.destroyed) this.connections.add(connection)
  }
}

const NOTHING = Buffer.alloc(0)

/** Of a connection that is just coming. */
function ownerOf(socket: Socket): Answerable {
  return {
    onFault() {
      refuse(socket)
      return null
    },
  }
}

function refuse(socket: Socket): void {
  socket.on('error', () => undefined)
  socket.destroy()
}
