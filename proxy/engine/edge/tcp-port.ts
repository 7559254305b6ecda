import { elapsed } from '../../contract/clock'
import { createServer, type Server, type Socket } from 'node:net'
import { ACCEPTING, type InheritedPort } from './inherited'
import { plainAddress, parseAddress, type Address } from '../../contract/address'
import type { EndingName } from '../../contract/endings'
import { guarded, type Answerable } from '../intake/border'
import { Intake } from '../intake/intake'
import { readInto } from '../intake/read-into'
import { TURNS } from '../intake/turns'
import type { TimerWheel } from '../time/timer-wheel'
import { clientKey } from '../access/client-key'
import type { ConnectionLimits, NoEntry } from './connection-limits'
import type { Descriptors } from './descriptors'
import type { Handshakes } from './handshakes'
import type { ListenerTraits, OpenConnection, PortSocket, ReasonToEnd } from './port-socket'
import { ProxyGreeting } from './proxy-greeting'
import { refuse } from './refuse'
import { countThose, endThose } from './unwelcome-clients'
import { VouchedFor } from './vouched-for'
import { Standing } from './standing'

export interface TcpPortOptions {
  readonly port: number
  readonly limits: ConnectionLimits
  readonly handshakes: Handshakes
  readonly descriptors: Descriptors
  /** Whether nothing on the listener lets a client at this address in, whatever it asks for. */
  readonly isRefused: (listener: string, address: Address) => boolean
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
  readonly standing: Standing
  /** Closes it if nothing of it runs. */
  closeIdle(): void
  /** Breaks it off; what runs on it is told of with this reason. */
  cut(reason: string): void
}

/** One TCP port: accepts within the limits, lets trusted proxies say who their client is, and keeps count. */
export abstract class TcpPort<Connection extends TcpConnection, Options extends TcpPortOptions = TcpPortOptions> implements PortSocket {
  private server: Server
  draining = false
  patient = false
  protected readonly options: Options
  private traits: ListenerTraits
  private readonly connections = new Set<Connection>()
  private readonly vouched: VouchedFor
  /** Those of them that nothing here lets in: they take nobody's place. */
  private readonly refused = new Set<Connection>()
  /** Those that gave way: closed, which is told in a moment only. */
  private readonly leaving = new Set<Connection>()
  /** Connections that have not said yet who their client is. */
  private readonly greeting = new Set<ProxyGreeting>()
  private nextTry = 0

  constructor(traits: ListenerTraits, options: Options) {
    this.traits = traits
    this.options = options
    this.vouched = new VouchedFor(options.limits)
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

  end(why: ReasonToEnd): EndingName[] {
    return endThose(this.connections, this.vouched.andBy(why))
  }

  countUnwelcome(why: ReasonToEnd): number {
    return countThose(this.connections, this.vouched.andBy(why))
  }

  /**
   * Stops accepting; what runs ends undisturbed. Resolves when all are gone. A connection that is idle may be about to bring
   * a request, which a close would lose: where a successor serves there is time, and it is told with its next answer.
   */
  drain(successor = false): Promise<void> {
    this.draining = true
    this.patient = successor
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
    connection.standing.ends()
    this.connections.delete(connection)
    if (!this.leaving.delete(connection) && !this.refused.delete(connection)) this.options.limits.leave(connection.peerAddress)
  }

  /**
   * Closes some that have nothing to lose: first those that nothing lets in, then those that have been silent since they came,
   * then those that have been answered and wait for their next request. Gives how many. Newcomers are given a moment to speak.
   */
  giveWay(): number {
    const now = elapsed()
    const most = Math.max(LEAST_TO_GO, this.connections.size >> 5)
    const going: Connection[] = []
    const idle: Connection[] = []
    for (const connection of this.refused) if (going.length < most && connection.standing.restingSince !== null) going.push(connection)
    for (const connection of this.connections) {
      if (going.length >= most) break
      const { restingSince, isAsking, isRefused } = connection.standing
      if (restingSince === null || now - restingSince < MOMENT_MS || isRefused) continue
      if (isAsking) going.push(connection)
      else if (idle.length < most) idle.push(connection)
    }
    for (const connection of idle) if (going.length < most) going.push(connection)
    for (const connection of going) this.dismiss(connection)
    return going.length
  }

  private dismiss(connection: Connection): void {
    this.connections.delete(connection)
    if (!this.refused.delete(connection)) this.options.limits.leave(connection.peerAddress)
    this.leaving.add(connection)
    connection.standing.giveWay()
  }

  /** Makes a connection of an accepted socket; `early` came behind its PROXY header. */
  protected abstract adopt(socket: Socket, intake: Intake, standing: Standing, early: Buffer): Connection

  private accept(socket: Socket): void {
    TURNS.hurry()
    const { descriptors, handshakes } = this.options
    const peer = plainAddress(socket.remoteAddress ?? '')
    const address = parseAddress(peer)
    descriptors.hold(socket)
    if (!descriptors.mayAccept(handshakes.size)) {
      this.options.onFull(this.id, peer, 'descriptors')
      return void refuse(socket)
    }
    if (this.traits.proxyProtocol) return this.greet(socket, peer, address)
    guarded(ownerOf(socket), () => this.admit(socket, null, peer, address, NOTHING))()
  }

  /** Lets a client in as far as there is a place for it. `early` came behind its PROXY header, for which `intake` was made. */
  private admit(socket: Socket, intake: Intake | null, peer: string, address: Address | null, early: Buffer): Connection | null {
    const { handshakes, limits } = this.options
    const isRefused = address !== null && this.options.isRefused(this.id, address)
    if (isRefused ? !this.mayWaitForRefusal(peer) : !this.mayEnter(peer, address)) return refuse(socket)
    const reader = intake ?? new Intake()
    if (intake === null) readInto(socket, reader)
    const handshakeOf = address === null || limits.isTrusted(address) ? null : clientKey(address)
    const standing = new Standing({ peer, address, socket, handshakes, handshakeOf, isRefused })
    const connection = this.adopt(socket, reader, standing, early)
    if (isRefused) this.refused.add(connection)
    // One that was refused at once has gone already.
    if (connection.socket.destroyed) return null
    this.connections.add(connection)
    if (standing.isAsking) handshakes.enter(standing)
    return connection
  }

  /** Who is let in by nothing is still told so, but keeps nobody else out: there are only so many, and beside the others. */
  private mayWaitForRefusal(peer: string): boolean {
    if (this.options.limits.isClosed) return false
    if (this.refused.size < MOST_REFUSED) return true
    this.options.onFull(this.id, peer, 'refusedConnections')
    return false
  }

  /** Lets a trusted proxy say who its client is. Nobody else may: without the header the bytes would be read as a request. */
  private greet(socket: Socket, peer: string, address: Address | null): void {
    const { limits, wheel, handshakes } = this.options
    if (!this.mayEnter(peer, address)) return void refuse(socket)
    if (address === null || !limits.isTrusted(address)) {
      limits.leave(address)
      this.options.onGreetingRefused(this.id, peer, 'it is no trusted proxy, and this port takes PROXY headers only')
      return void refuse(socket)
    }
    const intake = new Intake()
    readInto(socket, intake)
    const greeting = new ProxyGreeting(socket, intake, wheel, (source, rest) => {
      this.greeting.delete(greeting)
      handshakes.leave(greeting)
      limits.leave(address)
      const client = source ?? peer
      const connection = this.draining ? refuse(socket) : this.admit(socket, intake, client, parseAddress(client), rest)
      if (connection !== null) this.vouched.add(connection, address)
    })
    greeting.onRefused = () => this.options.onGreetingRefused(this.id, peer, 'no valid PROXY header came')
    this.greeting.add(greeting)
    handshakes.enter(greeting)
    socket.once('close', () => {
      handshakes.leave(greeting)
      if (this.greeting.delete(greeting)) limits.leave(address)
    })
  }

  private mayEnter(peer: string, address: Address | null): boolean {
    const { limits, onFull } = this.options
    let why = limits.enter(address, this.taken)
    if (why === 'connections' && this.makesRoom()) why = limits.enter(address, this.taken)
    if (why !== null) onFull(this.id, peer, why)
    return why === null
  }

  /** How many have a place that another could have. */
  private get taken(): number {
    return this.connections.size - this.refused.size
  }

  /** Where nothing gives way it is not asked for again so soon: a flood would be a walk through all connections for each. */
  private makesRoom(): boolean {
    const now = elapsed()
    if (now < this.nextTry) return false
    const before = this.taken
    if (this.giveWay() === 0) this.nextTry = now + PAUSE_MS
    return this.taken < before
  }
}

const NOTHING = Buffer.alloc(0)
/** So long a connection is left in peace before it may have to give way. */
const MOMENT_MS = 1_000
/** So many give way at once, at least, so that it is not looked for them again and again. */
const LEAST_TO_GO = 16
const PAUSE_MS = 100
/** So many of those that nothing lets in may be there, on one port. */
const MOST_REFUSED = 64

/** Of a connection that is just coming. */
function ownerOf(socket: Socket): Answerable {
  return {
    onFault() {
      refuse(socket)
      return null
    },
  }
}
