import { createSocket, type Socket } from 'node:dgram'
import type { Address } from '../../contract/address'
import type { ErrorCode } from '../../contract/errors'
import type { RecentClient } from '../access/recent-clients'
import type { Backend } from '../backend/backend'
import { BackendError } from '../backend/backend-error'
import type { CompiledService } from '../lifecycle/snapshot'
import type { World } from '../lifecycle/world'
import type { OpenConnection, Runner } from '../listen/port-socket'
import type { ServiceCounters } from '../measure/service-counters'
import type { Visit } from '../pipeline/context'
import { guardAccess, guardGateway } from '../pipeline/guard'
import { select, type Seeker } from '../pipeline/select'
import { parseRequestPath } from '../route/request-path'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { isUnwelcomeStream, type StreamParts } from './stream-parts'
import { tellStream } from './stream-row'

/** What a session needs of its listener. */
export interface DatagramHome {
  readonly id: string
  readonly wheel: TimerWheel
  readonly streams: StreamParts
  reply(bytes: Buffer, port: number, address: string): void
  onClosed(session: DatagramSession): void
}

export interface DatagramClient {
  readonly key: string
  readonly peer: string
  readonly address: Address | null
  /** Where replies go, as the system writes it. */
  readonly from: string
  readonly port: number
}

const ROOT = parseRequestPath('/')
/** Datagrams that wait while a backend's name is looked up; more are lost, as datagrams may be. */
const MAX_WAITING = 64
const REFUSED_MS = 5_000

/** What one client and its backend send each other, until both have been silent for a while. */
export class DatagramSession implements OpenConnection, Visit, Seeker, Runner {
  readonly key: string
  readonly peer: string
  readonly peerAddress: Address | null
  readonly client: string
  readonly clientAddress: Address | null
  readonly at = Date.now()
  readonly world: World
  readonly tried = new Set<Backend>()
  readonly head = null
  readonly pipeline = this
  service: CompiledService | null = null
  backend: Backend | null = null
  stickyId: string | null = null
  setCookie: string | null = null
  letIn = false
  rule: string | null = null
  recent: RecentClient | null = null
  private readonly home: DatagramHome
  private readonly to: DatagramClient
  private readonly started = performance.now()
  private readonly ref: string
  private readonly idle: Timer
  private socket: Socket | null = null
  private waiting: Buffer[] | null = []
  private counters: ServiceCounters | null = null
  private answered = false
  private bytesIn = 0
  private bytesOut = 0
  private over = false

  constructor(client: DatagramClient, home: DatagramHome) {
    this.key = client.key
    this.peer = client.peer
    this.peerAddress = client.address
    this.client = client.peer
    this.clientAddress = client.address
    this.to = client
    this.home = home
    this.world = home.streams.world()
    this.ref = home.streams.newReference()
    this.idle = new Timer(home.wheel, () => this.end('client', null))
  }

  begin(first: Buffer): void {
    const { streams, id } = this.home
    const refusal = guardGateway(this, streams.gate)
    if (refusal !== null) return this.refuse(refusal.code, refusal.reason)
    const found = ROOT === null ? undefined : this.world.snapshot.routers.get(id)?.find('', ROOT)
    if (found?.kind !== 'found') return this.refuse('AR_NO_SERVICE', 'no service is on this port')
    this.service = found.target
    this.counters = streams.measures.service(found.target.id)
    this.counters.requests += 1
    this.counters.inFlight += 1
    const denied = guardAccess(this, streams.gate)
    if (denied !== null) return this.refuse(denied.code, denied.reason)
    const selection = select(this, Date.now(), streams.random)
    const { backend } = this
    if (selection !== 'chosen' || backend === null) return this.refuse(selection === 'full' ? 'AR_BUSY' : 'AR_UNAVAILABLE', selection === 'full' ? 'every backend has as many sessions as it may have' : 'no backend is usable')
    backend.inFlight += 1
    backend.requests += 1
    this.idle.set(found.target.config.timeouts.idle)
    this.open(backend)
    this.fromClient(first)
  }

  fromClient(bytes: Buffer): void {
    const { service, waiting, socket } = this
    if (this.over || service === null) return
    this.idle.set(service.config.timeouts.idle)
    this.bytesIn += bytes.length
    if (this.counters !== null) this.counters.bytesIn += bytes.length
    if (waiting !== null) {
      if (waiting.length < MAX_WAITING) waiting.push(bytes)
    } else socket?.send(bytes)
  }

  isUnwelcome(now: number): boolean {
    const { streams } = this.home
    return isUnwelcomeStream(this.clientAddress, this.service, streams.world().snapshot, streams.gate, now)
  }

  runsOn(service: string, backend: string): boolean {
    return !this.over && this.backend?.service === service && this.backend.config.id === backend
  }

  end(by: 'client' | 'backend' | 'gateway', reason: string | null): void {
    this.tell(by, reason, null)
    this.idle.clear()
    this.home.onClosed(this)
  }

  private tell(by: 'client' | 'backend' | 'gateway', reason: string | null, code: ErrorCode | null): void {
    if (this.over) return
    this.over = true
    this.waiting = null
    this.socket?.close()
    if (this.backend !== null) this.backend.inFlight -= 1
    const { ref, at, started, client, rule, counters, bytesIn, bytesOut } = this
    tellStream({ ref, at, started, client, method: 'UDP', name: '', service: this.service?.id ?? null, backend: this.backend?.config.id ?? null, rule, counters, bytesIn, bytesOut, attempts: this.socket === null ? 0 : 1 }, code, by, reason, this.home.streams.measures)
  }

  /** What else it sends is dropped unread for a while: a row of the log for each datagram would drown the others. */
  private refuse(code: ErrorCode, reason: string): void {
    this.backend = null
    this.tell('gateway', reason, code)
    this.idle.set(REFUSED_MS)
  }

  /** A socket of this session's own, tied to the backend: whatever comes from elsewhere never reaches the client. */
  private open(backend: Backend): void {
    const { host, port } = backend.url
    backend.dialOptions().lookup(host, { all: false }, (error, found) => {
      if (this.over) return
      if (error !== null || typeof found !== 'string') return this.onFailed(backend, new BackendError('name-not-found', `name not found: ${host}`, true))
      if (backend.dialOptions().isOwnListener(found, port, 'udp')) return this.onFailed(backend, new BackendError('loop', 'the address leads back to the gateway itself', true))
      const socket = createSocket(found.includes(':') ? 'udp6' : 'udp4')
      this.socket = socket
      // A closed port is told by ICMP, to the next that is sent.
      socket.on('error', (refused: NodeJS.ErrnoException) => this.onFailed(backend, new BackendError('refused', refused.code === 'ECONNREFUSED' ? 'nothing listens on this port' : (refused.code ?? refused.message), true)))
      socket.on('message', (bytes) => this.fromBackend(backend, bytes))
      socket.connect(port, found, () => {
        const { waiting } = this
        this.waiting = null
        for (const bytes of waiting ?? []) if (!this.over) socket.send(bytes)
      })
    })
  }

  private fromBackend(backend: Backend, bytes: Buffer): void {
    const { service } = this
    if (this.over || service === null) return
    this.idle.set(service.config.timeouts.idle)
    if (!this.answered) {
      this.answered = true
      const took = performance.now() - this.started
      backend.health.answered()
      backend.answeredIn(took)
      this.counters?.latency(took)
    }
    this.bytesOut += bytes.length
    if (this.counters !== null) this.counters.bytesOut += bytes.length
    this.home.reply(bytes, this.to.port, this.to.from)
  }

  /** The session ends; what the client sends next begins another, with a backend that works if there is one. */
  private onFailed(backend: Backend, error: BackendError): void {
    if (this.over) return
    backend.failed += 1
    this.home.streams.onBackendFailed(backend, error)
    this.end('backend', `${backend.config.id}: ${error.message}`)
  }
}
