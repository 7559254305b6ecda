import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { plainAddress, parseAddress, type Address } from '../../contract/address'
import { ENDINGS, type EndingName } from '../../contract/endings'
import { clientKey } from '../access/client-key'
import { elapsed } from '../../contract/clock'
import { LIMITS } from '../../contract/limits'
import type { ConnectionLimits } from '../edge/connection-limits'
import type { InheritedPort } from '../edge/inherited'
import type { ListenerTraits, ReasonToEnd, PortSocket } from '../edge/port-socket'
import { ended } from '../intake/border'
import type { TimerWheel } from '../time/timer-wheel'
import { DatagramDoor } from './datagram-door'
import { DatagramSession, type DatagramHome } from './datagram-session'
import { SessionOrder, type Standing } from './session-order'
import type { StreamParts } from './stream-parts'

/** Answers of backends to datagrams that were sent on before. */
const ANSWERS_MS = 300
/** What the system has not taken of replies may grow to this; more is lost, as datagrams may be. */
const MOST_UNSENT = 1_048_576

export interface DatagramListenerOptions {
  readonly limits: ConnectionLimits
  readonly wheel: TimerWheel
  readonly streams: StreamParts
}

/** One UDP port: each client, an address with its port, has a session with a socket of its own towards the backend. */
export class DatagramListener implements PortSocket, DatagramHome {
  private traits: ListenerTraits
  private readonly options: DatagramListenerOptions
  private socket: Socket | null = null
  private readonly sessions = new Map<string, DatagramSession>()
  private readonly order = new SessionOrder<DatagramSession>()
  private readonly ofPeers = new Map<bigint, SessionOrder<DatagramSession>>()
  private readonly door: DatagramDoor
  private drained: Promise<void> | null = null
  private handedOver: Promise<void> | null = null
  private onDrained: (() => void) | null = null

  constructor(traits: ListenerTraits, options: DatagramListenerOptions) {
    this.traits = traits
    this.options = options
    this.door = new DatagramDoor(options.streams, options.wheel)
  }

  get id(): string {
    return this.traits.id
  }

  get wheel(): TimerWheel {
    return this.options.wheel
  }

  get streams(): StreamParts {
    return this.options.streams
  }

  get connectionCount(): number {
    return this.sessions.size
  }

  get isDraining(): boolean {
    return this.drained !== null
  }

  get handle(): Socket | null {
    return this.socket
  }

  bind(address: string, port: number, inherited: InheritedPort | null): Promise<NodeJS.ErrnoException | null> {
    if (inherited?.transport === 'udp') {
      this.listen(inherited.socket)
      inherited.take((bytes, from) => this.hear(bytes, from))
      return Promise.resolve(null)
    }
    const socket = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 1_048_576 })
    return new Promise((resolve) => {
      socket.once('error', (error) => {
        socket.close()
        resolve(error)
      })
      socket.bind({ address, port, exclusive: true }, () => {
        socket.removeAllListeners('error')
        socket.on('message', (bytes, from) => this.hear(bytes, from))
        this.listen(socket)
        resolve(null)
      })
    })
  }

  private listen(socket: Socket): void {
    // What could not be sent to a client is lost, as datagrams may be.
    socket.on('error', () => undefined)
    this.socket = socket
  }

  update(traits: ListenerTraits): void {
    this.traits = traits
  }

  reply(bytes: Buffer, port: number, address: string): void {
    const { socket } = this
    if (socket !== null && socket.getSendQueueSize() <= MOST_UNSENT) socket.send(bytes, port, address)
  }

  onClosed(session: DatagramSession): void {
    if (this.sessions.get(session.key) === session) this.sessions.delete(session.key)
    this.strikeOff(session)
    if (this.sessions.size === 0) this.closeIfDrained()
  }

  rank(session: DatagramSession, standing: Standing): void {
    this.strikeOff(session)
    session.standing = standing
    this.enlist(session)
  }

  end(why: ReasonToEnd): EndingName[] {
    const ended: EndingName[] = []
    this.door.judgeAnew()
    for (const session of this.sessions.values()) {
      const ending = why(session)
      // What is kept so that its client is not heard is let go of where the rules have changed in its favour.
      if (session.isOver && ending === null) session.leave()
      if (session.isOver || ending === null) continue
      session.end('gateway', ENDINGS[ending])
      ended.push(ending)
    }
    return ended
  }

  countUnwelcome(why: ReasonToEnd): number {
    let count = 0
    for (const session of this.sessions.values()) if (!session.isOver && why(session) !== null) count += 1
    return count
  }

  /**
   * New clients are not heard any more; sessions last until they are silent. May be asked for again while it goes on. Where a
   * successor reads from the same port both hear, each some of it, so this one goes on as it was for only as long as answers
   * that are on their way may take.
   */
  drain(successor = false): Promise<void> {
    if (successor) return (this.handedOver ??= this.leaveLater())
    this.drained ??= new Promise((resolve) => void (this.onDrained = resolve))
    for (const session of this.sessions.values()) if (session.isOver) session.leave()
    if (this.sessions.size === 0) this.closeIfDrained()
    return this.drained
  }

  private async leaveLater(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ANSWERS_MS))
    this.cut('another process of the gateway took over')
    await this.drain()
  }

  revive(): boolean {
    if (this.socket === null) return false
    this.onDrained = null
    this.drained = null
    return true
  }

  cut(reason: string): void {
    for (const session of this.sessions.values()) session.end('gateway', reason)
  }

  private enlist(session: DatagramSession): void {
    this.order.add(session)
    const own = this.ofPeers.get(session.client) ?? new SessionOrder<DatagramSession>()
    own.add(session)
    this.ofPeers.set(session.client, own)
  }

  private strikeOff(session: DatagramSession): void {
    this.order.remove(session)
    const own = this.ofPeers.get(session.client)
    own?.remove(session)
    if (own?.size === 0) this.ofPeers.delete(session.client)
  }

  /** A newcomer is let in always: turning it away would let made-up clients keep real ones out. */
  private makeRoom(address: Address): void {
    const { limits } = this.options
    const { connections, connectionsPerClient } = limits.most
    const own = this.ofPeers.get(clientKey(address))
    if (own !== undefined && !limits.isTrusted(address)) this.shrink(own, connectionsPerClient, 'sessionsPerClient')
    this.shrink(this.order, connections, 'sessions')
  }

  private shrink(order: SessionOrder<DatagramSession>, most: number, limit: 'sessions' | 'sessionsPerClient'): void {
    while (order.size >= most) {
      const session = order.first()
      if (session === null) return
      this.streams.measures.limits.count(limit, elapsed())
      const whose = limit === 'sessions' ? 'this port' : session.peer.includes(':') ? 'its network' : 'its address'
      session.end('gateway', `it gave way to a newer one: ${whose} has ${most} sessions, as many as ${LIMITS[limit]} allows`)
    }
  }

  private closeIfDrained(): void {
    const done = this.onDrained
    if (done === null) return
    this.onDrained = null
    this.door.close()
    const { socket } = this
    this.socket = null
    if (socket === null) done()
    else socket.close(() => done())
  }

  private hear(bytes: Buffer, from: RemoteInfo): void {
    try {
      this.onMessage(bytes, from)
    } catch (error) {
      ended(this.sessions.get(`${from.address} ${from.port}`) ?? { onFault: () => null }, error)
    }
  }

  private onMessage(bytes: Buffer, { address: from, port }: RemoteInfo): void {
    // Nobody can be answered at port 0 (RFC 768: no reply is expected), and sending to it throws.
    if (port === 0) return
    const key = `${from} ${port}`
    const known = this.sessions.get(key)
    if (known !== undefined && !known.givesWay(elapsed())) return known.fromClient(bytes)
    const now = elapsed()
    if (this.door.isShut(key, now)) return
    known?.leave()
    const peer = plainAddress(from)
    const address = parseAddress(peer)
    if (this.isDraining || address === null || this.options.limits.isClosed) return
    const visit = this.door.enter(key, peer, address, this.id, now)
    if (visit === null) return
    this.makeRoom(address)
    const session = new DatagramSession({ key, peer, address, from, port }, this, visit, known?.tried)
    this.sessions.set(key, session)
    this.enlist(session)
    session.begin(bytes)
  }
}
