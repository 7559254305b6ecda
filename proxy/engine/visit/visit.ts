import type { Address } from '../../contract/address'
import { elapsed, wallTime } from '../../contract/clock'
import type { RequestRow } from '../../contract/status'
import type { Backend } from '../backend/backend'
import type { User } from '../../contract/config/access'
import type { BackendState } from '../backend/backend-state'
import type { RecentClient } from '../gate/recent-clients'
import type { ServiceCounters } from '../measure/service-counters'
import type { CompiledService } from '../world/snapshot'
import type { World } from '../world/world'
import type { Refusal } from './refusal'

/**
 * Who comes, to what, and what has come of it so far: the same of a request, a stream and a session of datagrams. One visit
 * may serve one request after the other of a connection.
 */
export class Visit {
  /** What rules, limits and texts hold for it, from its beginning to its end. */
  world: World
  /** The reference that error pages show and the log finds. */
  ref = ''
  /** When it began: epoch ms, and of `elapsed`. */
  at = 0
  started = 0
  client: string
  clientAddress: Address | null
  /** Whether anybody may have written the client's address: nothing is held against it. */
  readonly isForgeable: boolean
  service: CompiledService | null = null
  counters: ServiceCounters | null = null
  /** Whether the service's rules let the client in. */
  letIn = false
  /** Whose name and password it has given, as they stand in its rules, where those are the gateway's own business; null: nobody's. */
  user: User | null = null
  /** The rule that refused it, or would have, in words. */
  rule: string | null = null
  /** Under what the visits before it were counted, which nearly always is the same. */
  recent: RecentClient | null = null
  backend: Backend | null = null
  /** The backend that the client's own connection leads to, and must go on leading to; null: any will do. */
  keptOn: BackendState | null = null
  /** Whose it is: a trusted proxy brings many clients over one connection. */
  keptFor = ''
  /** What the visitor's cookie said of its backend, and the cookie it is given. */
  stickyId: string | null = null
  setCookie: string | null = null
  /** Backends tried and failed. */
  readonly tried = new Set<BackendState>()
  attempts = 0
  /** What the client was answered; 0: nothing of HTTP. */
  status = 0
  refusal: Refusal | null = null
  endedBy: RequestRow['endedBy'] = 'gateway'
  reason: string | null = null
  bytesIn = 0
  bytesOut = 0
  /** ms to the first byte of the answer; -1: there was none. */
  firstByte = -1
  observed = false

  constructor(world: World, client: string, clientAddress: Address | null, isForgeable = false) {
    this.world = world
    this.client = client
    this.clientAddress = clientAddress
    this.isForgeable = isForgeable
  }

  /** Forgets the visit before and begins with this one. */
  open(world: World, ref: string, client: string, clientAddress: Address | null): void {
    this.world = world
    this.ref = ref
    this.at = wallTime()
    this.started = elapsed()
    this.client = client
    this.clientAddress = clientAddress
    this.service = null
    this.counters = null
    this.letIn = false
    this.user = null
    this.rule = null
    this.backend = null
    this.stickyId = null
    this.setCookie = null
    if (this.tried.size > 0) this.tried.clear()
    this.attempts = 0
    this.status = 0
    this.refusal = null
    this.endedBy = 'gateway'
    this.reason = null
    this.bytesIn = 0
    this.bytesOut = 0
    this.firstByte = -1
    this.observed = false
  }

  /** It is known whom it is for: from here on it counts there. */
  enter(service: CompiledService, counters: ServiceCounters): void {
    this.service = service
    this.counters = counters
    counters.requests += 1
    counters.inFlight += 1
  }

  /** Whether it is a browser's question before a request, which never carries a password. */
  get isPreflight(): boolean {
    return false
  }

  countIn(bytes: number): void {
    this.bytesIn += bytes
    if (this.counters !== null) this.counters.bytesIn += bytes
  }

  countOut(bytes: number): void {
    this.bytesOut += bytes
    if (this.counters !== null) this.counters.bytesOut += bytes
  }

  /** A try with a backend begins. */
  begin({ live }: Backend): void {
    this.attempts += 1
    live.inFlight += 1
    live.requests += 1
  }

  /** The first byte of an answer is there. */
  answering(): void {
    this.firstByte = elapsed() - this.started
    this.counters?.latency(this.firstByte)
  }

  /** It is the backend's: it has answered, or taken the connection that was asked for. */
  answeredBy({ live }: Backend): void {
    this.answering()
    // Only failures in a row count.
    live.health.answered()
    live.answeredIn(this.firstByte)
  }
}
