import type { Address } from '../../contract/address'
import type { ErrorCode } from '../../contract/errors'
import type { RecentClient } from '../gate/recent-clients'
import type { Backend } from '../backend/backend'
import type { BackendError } from '../backend/backend-error'
import type { CompiledService } from '../world/snapshot'
import type { World } from '../world/world'
import type { OpenConnection, Runner } from '../edge/port-socket'
import type { ServiceCounters } from '../measure/service-counters'
import type { Refusal, Visit } from '../visit/context'
import { guardAccess, guardGateway } from '../visit/guard'
import { select, type Seeker, type Selection } from '../visit/select'
import { parseRequestPath } from '../route/request-path'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { DatagramLink, type LinkOwner } from './datagram-link'
import { isUnwelcomeStream, STREAM_CODES, type StreamParts } from './stream-parts'
import { tellStream } from './stream-row'

/** What a session needs of its listener. */
export interface DatagramHome {
  readonly id: string
  readonly wheel: TimerWheel
  readonly streams: StreamParts
  /** Whether it waits for its last session to end. */
  readonly isDraining: boolean
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
const REFUSED_MS = 5_000
/** How long it is remembered whom a client's session failed with: as long as failures count together (health-record.ts). */
const FAILED_MS = 10_000
/** How soon a client is tried again where no other backend is left: a row of the log for each datagram would drown the others. */
const RETRY_MS = 1_000

/** What one client and its backend send each other, until both have been silent for a while. */
export class DatagramSession implements OpenConnection, Visit, Seeker, Runner, LinkOwner {
  readonly key: string
  readonly peer: string
  readonly peerAddress: Address | null
  readonly client: string
  readonly clientAddress: Address | null
  readonly at = Date.now()
  readonly world: World
  readonly tried: Set<Backend>
  readonly head = null
  readonly pipeline = this
  service: CompiledService | null = null
  readonly isForgeable = true
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
  private link: DatagramLink | null = null
  /** The backend that counts it as running. */
  private counted: Backend | null = null
  private attempts = 0
  /** From when on the client may begin again, in epoch ms, after no backend was to be had; null: that is not why it is over. */
  private againAt: number | null = null
  private counters: ServiceCounters | null = null
  private answered = false
  private bytesIn = 0
  private bytesOut = 0
  private over = false

  /** `tried`: those that the client's session before it failed with; they come last. */
  constructor(client: DatagramClient, home: DatagramHome, tried: ReadonlySet<Backend> = new Set()) {
    this.tried = new Set(tried)
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
    if (refusal !== null) return this.refuse(refusal)
    const found = ROOT === null ? undefined : this.world.snapshot.routers.get(id)?.find('', ROOT)
    if (found?.kind !== 'found') return this.refuse({ code: 'AR_NO_SERVICE', reason: 'no service is on this port' })
    this.service = found.target
    this.counters = streams.measures.service(found.target.id)
    this.counters.requests += 1
    this.counters.inFlight += 1
    const denied = guardAccess(this, streams.gate)
    if (denied !== null) return this.refuse(denied)
    this.idle.set(found.target.config.timeouts.idle)
    this.attempt(null, [first])
  }

  fromClient(bytes: Buffer): void {
    const { service } = this
    if (this.over || service === null) return
    this.idle.set(service.config.timeouts.idle)
    this.count(bytes)
    this.link?.send(bytes)
  }

  /** Whether it is over, and what the client sends now should begin another. */
  givesWay(now: number): boolean {
    return this.againAt !== null && now >= this.againAt
  }

  /** Whether it is kept only to remember that its client was refused, or whom it failed with. */
  get isOver(): boolean {
    return this.over
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
    this.leave()
  }

  /** Its client is as good as new. */
  leave(): void {
    this.idle.clear()
    this.home.onClosed(this)
  }

  private count({ length }: Buffer): void {
    this.bytesIn += length
    if (this.counters !== null) this.counters.bytesIn += length
  }

  private tell(by: 'client' | 'backend' | 'gateway', reason: string | null, code: ErrorCode | null): void {
    if (this.over) return
    this.over = true
    this.disconnect()
    const { ref, at, started, client, rule, counters, bytesIn, bytesOut, attempts } = this
    tellStream(
      {
        ref,
        at,
        started,
        client,
        method: 'UDP',
        name: '',
        service: this.service?.id ?? null,
        backend: this.backend?.config.id ?? null,
        rule,
        counters,
        bytesIn,
        bytesOut,
        attempts,
      },
      code,
      by,
      reason,
      this.home.streams.measures,
    )
  }

  private disconnect(): void {
    this.link?.close()
    this.link = null
    if (this.counted !== null) this.counted.inFlight -= 1
    this.counted = null
  }

  /** What else it sends is dropped unread for a while: a row of the log for each datagram would drown the others. */
  private refuse({ code, reason }: Refusal): void {
    this.tell('gateway', reason, code)
    this.linger(REFUSED_MS)
  }

  private linger(ms: number): void {
    if (this.home.isDraining) this.leave()
    else this.idle.set(ms)
  }

  private attempt(earlier: Refusal | null, unheard: readonly Buffer[]): void {
    const selection = this.choose()
    const { backend } = this
    if (selection !== 'chosen' || backend === null) {
      this.refuse(
        earlier ??
          (selection === 'full'
            ? { code: 'AR_BUSY', reason: 'every backend has as many sessions as it may have' }
            : { code: 'AR_UNAVAILABLE', reason: 'no backend is usable' }),
      )
      this.againAt = Date.now() + RETRY_MS
      return
    }
    if (this.attempts === 0) for (const bytes of unheard) this.count(bytes)
    this.attempts += 1
    this.counted = backend
    backend.inFlight += 1
    backend.requests += 1
    const link = new DatagramLink(backend, this)
    this.link = link
    for (const bytes of unheard) link.send(bytes)
    link.open()
  }

  /** Those that failed before this session come again where there is no other. */
  private choose(): Selection {
    const { random } = this.home.streams
    const selection = select(this, Date.now(), random)
    if (selection !== 'none' || this.attempts > 0 || this.tried.size === 0) return selection
    this.tried.clear()
    return select(this, Date.now(), random)
  }

  onReply(backend: Backend, bytes: Buffer): void {
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

  /** Another is tried as long as nothing has come back; else the session ends, and what the client sends next begins one elsewhere. */
  onFailed(backend: Backend, error: BackendError): void {
    if (this.over) return
    backend.failed += 1
    this.tried.add(backend)
    this.home.streams.onBackendFailed(backend, error)
    const reason = `${backend.config.id}: ${error.message}`
    if (!this.answered && error.kind !== 'loop' && this.attempts <= (this.service?.config.retry.attempts ?? 0) && this.hasOthers) {
      const unheard = this.link?.unheard ?? []
      this.disconnect()
      return this.attempt({ code: STREAM_CODES[error.kind], reason }, unheard)
    }
    this.tell('backend', reason, this.answered ? null : STREAM_CODES[error.kind])
    this.againAt = Date.now() + (this.hasOthers ? 0 : RETRY_MS)
    this.linger(FAILED_MS)
  }

  private get hasOthers(): boolean {
    const all = this.service === null ? undefined : this.world.backends.get(this.service.id)
    return (
      all?.some((backend) => backend.config.state === 'active' && backend.health.isUsable(Date.now()) && !this.tried.has(backend)) ?? false
    )
  }
}
