import type { Moment } from '../../contract/clock'
import type { Backend as BackendConfig } from '../../contract/config/backend'
import type { Dialer, DialTarget } from '../../outbound/dialer'
import { stickyId } from '../balance/sticky-id'
import type { TimerWheel } from '../time/timer-wheel'
import { BackendPool } from './backend-pool'
import type { HealthRecord } from './health-record'

/** So many answers the mean time looks back over. */
const MEAN_OVER = 20

/**
 * What is known of a backend beyond one configuration: health, counters, its turn, its connections. It is found by `key`, so
 * it survives every load that still names the backend, and no load changes it before that load's world is the present one.
 */
export class BackendState {
  readonly key: string
  readonly service: string
  readonly id: string
  /** What a visitor's cookie says of it: made once, since a load has thousands of backends. */
  readonly stickyId: string
  readonly health: HealthRecord
  readonly pool: BackendPool
  turn = 0
  /** Its part in the balancing, as last reckoned. */
  share = 1
  inFlight = 0
  /** WebSockets among what runs. */
  tunnels = 0
  requests = 0
  failed = 0
  /** Mean time to the first byte of an answer, in ms. */
  latency: number | null = null
  /** Since when it drains; null: it does not. */
  drainSince: Moment | null = null
  /** Whether it has been told that nothing is left of this drain. */
  drained = false

  constructor(
    service: string,
    { id, url }: { readonly id: string; readonly url: string },
    health: HealthRecord,
    dialer: Dialer,
    wheel: TimerWheel,
  ) {
    this.key = backendKey(service, { id, url })
    this.service = service
    this.id = id
    this.stickyId = stickyId(service, id)
    this.health = health
    this.pool = new BackendPool(dialer, wheel)
  }

  /** Follows what the present configuration says of it. */
  adopt(state: BackendConfig['state'], target: DialTarget, headBytes: number, now: Moment): void {
    if (state !== 'draining') {
      this.drainSince = null
      this.drained = false
    } else this.drainSince ??= now
    this.pool.adopt(target, state === 'active', headBytes)
  }

  /** Takes the time to the first byte of an answer, in ms, into its mean. */
  answeredIn(time: number): void {
    this.latency = this.latency === null ? time : this.latency + (time - this.latency) / MEAN_OVER
  }

  /** Nobody names it any more: idle connections are closed; running ones end by themselves and are not kept. */
  retire(): void {
    this.pool.retire()
  }
}

/** Under which a backend's state is kept across loads. */
export function backendKey(service: string, { id, url }: { readonly id: string; readonly url: string }): string {
  return `${service} ${id} ${url}`
}
