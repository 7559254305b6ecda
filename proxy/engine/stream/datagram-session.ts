import { FAULT_WORDS } from '../intake/border'
import type { Address } from '../../contract/address'
import type { EndingName } from '../../contract/endings'
import { clientKey } from '../access/client-key'
import { elapsed } from '../../contract/clock'
import type { RequestRow } from '../../contract/status'
import type { BackendError } from '../../outbound/backend-error'
import type { Backend } from '../backend/backend'
import type { BackendState } from '../backend/backend-state'
import type { OpenConnection, Runner } from '../edge/port-socket'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { failure, mayTryAnother, noteFailure } from '../visit/failure'
import { observe } from '../visit/observe'
import type { Refusal } from '../visit/refusal'
import { hasOthers, select, type Selection } from '../visit/select'
import type { Visit } from '../visit/visit'
import { ROOT } from './datagram-door'
import { DatagramLink, type LinkOwner } from './datagram-link'
import type { Ranked, Standing } from './session-order'
import type { StreamParts } from './stream-parts'

/** What a session needs of its listener. */
export interface DatagramHome {
  readonly id: string
  readonly wheel: TimerWheel
  readonly streams: StreamParts
  /** Whether it waits for its last session to end. */
  readonly isDraining: boolean
  reply(bytes: Buffer, port: number, address: string): void
  /** More, or less, speaks for its client. */
  rank(session: DatagramSession, standing: Standing): void
  onClosed(session: DatagramSession): void
}

export interface DatagramClient {
  readonly key: string
  readonly peer: string
  readonly address: Address
  /** Where replies go, as the system writes it. */
  readonly from: string
  readonly port: number
}

/** What a client sends is dropped for so long where no backend was to be had. */
const REFUSED_MS = 5_000
/** How long it is remembered whom a client's session failed with: as long as failures count together (health-record.ts). */
const FAILED_MS = 10_000
/** How soon a client is tried again where no other backend is left: a row of the log for each datagram would drown the others. */
const RETRY_MS = 1_000

/** What one client and its backend send each other, until both have been silent for a while. */
export class DatagramSession implements OpenConnection, Runner, LinkOwner, Ranked {
  readonly key: string
  readonly peer: string
  readonly peerAddress: Address
  /** What its client is counted under. */
  readonly client: bigint
  readonly pipeline = this
  standing: Standing = 'unanswered'
  heardLately = false
  private readonly visit: Visit
  private readonly home: DatagramHome
  private readonly to: DatagramClient
  private readonly idle: Timer
  private link: DatagramLink | null = null
  /** The backend that counts it as running. */
  private counted: BackendState | null = null
  /** From when on the client may begin again, of `elapsed`, after no backend was to be had; null: that is not why it is over. */
  private againAt: number | null = null
  private answered = false

  /** `visit`: its own, which has been let in. `tried`: those that the client's session before it failed with; they come last. */
  constructor(client: DatagramClient, home: DatagramHome, visit: Visit, tried: Iterable<BackendState> = []) {
    this.key = client.key
    this.peer = client.peer
    this.peerAddress = client.address
    this.client = clientKey(client.address)
    this.to = client
    this.home = home
    this.visit = visit
    for (const live of tried) this.visit.tried.add(live)
    this.idle = new Timer(home.wheel, () => this.end('client', null), this)
  }

  /** Whom it failed with. */
  get tried(): ReadonlySet<BackendState> {
    return this.visit.tried
  }

  begin(first: Buffer): void {
    this.touch()
    this.attempt(null, [first])
  }

  fromClient(bytes: Buffer): void {
    const { visit, link } = this
    if (visit.observed || visit.service === null) return
    this.touch()
    this.heardLately = true
    if (this.standing === 'answered') this.home.rank(this, 'conversing')
    visit.countIn(bytes.length)
    link?.send(bytes)
  }

  /** Whether it is over, and what the client sends now should begin another. `now` of `elapsed`. */
  givesWay(now: number): boolean {
    return this.againAt !== null && now >= this.againAt
  }

  /** Whether it is kept only to remember that its client was refused, or whom it failed with. */
  get isOver(): boolean {
    return this.visit.observed
  }

  whyUnwelcome(): EndingName | null {
    return this.home.streams.court.whyUnwelcome(this.visit, 'tunnel', {
      listener: this.home.id,
      host: '',
      path: ROOT,
      client: this.peerAddress,
    })
  }

  runsOn(service: string, backend: string): boolean {
    const { observed, backend: present } = this.visit
    return !observed && present?.live.service === service && present.live.id === backend
  }

  onFault(): string {
    this.visit.refusal = { code: 'AR_INTERNAL', reason: FAULT_WORDS }
    this.end('gateway', null)
    return this.visit.ref
  }

  end(by: RequestRow['endedBy'], reason: string | null): void {
    this.tell(by, reason)
    this.leave()
  }

  /** Its client is as good as new. */
  leave(): void {
    this.idle.clear()
    this.home.onClosed(this)
  }

  private touch(): void {
    const { service } = this.visit
    if (service !== null) this.idle.set(service.config.timeouts.idle)
  }

  private tell(by: RequestRow['endedBy'], reason: string | null): void {
    const { visit } = this
    if (visit.observed) return
    this.disconnect()
    visit.endedBy = by
    visit.reason = reason
    observe(visit, 'UDP', '', '', this.home.streams.measures)
  }

  private disconnect(): void {
    this.link?.close()
    this.link = null
    const { counted } = this
    this.counted = null
    if (counted === null) return
    counted.inFlight -= 1
    this.home.streams.onRoom(counted.service)
  }

  /** What else it sends is dropped unread for a while: a row of the log for each datagram would drown the others. */
  private refuse(refusal: Refusal): void {
    this.visit.refusal = refusal
    this.tell('gateway', null)
    this.linger(REFUSED_MS)
  }

  private linger(ms: number): void {
    if (this.home.isDraining) this.leave()
    else this.idle.set(ms)
  }

  private attempt(earlier: Refusal | null, unheard: readonly Buffer[]): void {
    const { visit } = this
    const selection = this.choose()
    const { backend } = visit
    if (selection !== 'chosen' || backend === null) {
      const none: Refusal =
        selection === 'full'
          ? { code: 'AR_BUSY', reason: 'every backend has as many sessions as its maxConnections lets it have', limit: 'maxConnections' }
          : { code: 'AR_UNAVAILABLE', reason: 'no backend is usable' }
      this.refuse(earlier ?? none)
      this.againAt = elapsed() + RETRY_MS
      return
    }
    if (visit.attempts === 0) for (const { length } of unheard) visit.countIn(length)
    visit.begin(backend)
    this.counted = backend.live
    const link = new DatagramLink(backend, this.home.streams.dialer, this)
    this.link = link
    for (const bytes of unheard) link.send(bytes)
    link.open()
  }

  /** Those that failed before this session come again where there is no other. */
  private choose(): Selection {
    const { visit } = this
    const { streams } = this.home
    const selection = select(visit, null, streams, elapsed())
    if (selection !== 'none' || visit.attempts > 0 || visit.tried.size === 0) return selection
    visit.tried.clear()
    return select(visit, null, streams, elapsed())
  }

  onReply(backend: Backend, bytes: Buffer): void {
    const { visit } = this
    if (visit.observed) return
    this.touch()
    if (!this.answered) {
      this.answered = true
      this.home.rank(this, 'answered')
      visit.answeredBy(backend)
    }
    visit.countOut(bytes.length)
    this.home.reply(bytes, this.to.port, this.to.from)
  }

  /** Another is tried as long as nothing has come back; else the session ends, and what the client sends next begins one elsewhere. */
  onFailed(backend: Backend, error: BackendError): void {
    const { visit } = this
    const { streams } = this.home
    if (visit.observed) return
    noteFailure(visit, backend, error)
    streams.onBackendFailed(backend, error)
    const others = hasOthers(visit, streams.world(), elapsed())
    const refusal = failure(backend, error)
    if (!this.answered && mayTryAnother(visit, error) && others) {
      const unheard = this.link?.unheard ?? []
      this.disconnect()
      return this.attempt(refusal, unheard)
    }
    if (!this.answered) visit.refusal = refusal
    this.tell('backend', refusal.reason)
    this.againAt = elapsed() + (others ? 0 : RETRY_MS)
    this.linger(FAILED_MS)
  }
}
