import { parseBackendUrl, type BackendUrl } from '../../contract/backend-url'
import type { Backend as BackendConfig } from '../../contract/config/backend'
import { stickyId } from '../balance/sticky-id'
import type { Candidate } from '../balance/candidate'
import type { HealthRecord } from './health-record'
import { BackendPool } from './backend-pool'
import type { TimerWheel } from '../time/timer-wheel'
import type { DialOptions } from './dial'

/** The least share of one that has just come back: nothing at all would never warm it up. */
const SLOWEST = 0.05
/** So many answers the mean time looks back over. */
const MEAN_OVER = 20

/** One server behind a service, with what survives reloads: health, counters, round-robin's turn and idle connections. */
export class Backend implements Candidate {
  readonly key: string
  readonly service: string
  readonly url: BackendUrl
  readonly health: HealthRecord
  config: BackendConfig
  connectTimeout: number
  turn = 0
  inFlight = 0
  /** WebSockets among what runs. */
  tunnels = 0
  requests = 0
  failed = 0
  latency: number | null = null
  /** Since when it drains, in epoch ms; null: it does not. */
  drainSince: number | null = null
  /** Whether it has been told that nothing is left of this drain. */
  drained = false
  readonly stickyId: string
  private share = 1
  /** What it is called where the client's Host is not passed on. */
  readonly ownHost: string
  readonly pool: BackendPool
  private readonly dialing: Omit<DialOptions, 'timeout'>

  constructor(
    service: string,
    config: BackendConfig,
    connectTimeout: number,
    health: HealthRecord,
    dialing: Omit<DialOptions, 'timeout'>,
    wheel: TimerWheel,
  ) {
    const url = parseBackendUrl(config.url)
    if (typeof url === 'string') throw new Error(`backend ${config.id} has a URL that was not checked: ${url}`)
    this.key = backendKey(service, config)
    this.service = service
    this.url = url
    const host = url.host.includes(':') ? `[${url.host}]` : url.host
    this.ownHost = url.port === (url.secure ? 443 : 80) ? host : `${host}:${url.port}`
    this.config = config
    this.share = config.weight
    this.stickyId = stickyId(service, config.id)
    this.connectTimeout = connectTimeout
    this.health = health
    this.dialing = dialing
    this.pool = new BackendPool(
      () => ({ ...this.url, verify: this.config.tls.verify }),
      () => this.dialOptions(),
      wheel,
    )
  }

  get weight(): number {
    return this.share
  }

  /** Whether it has as many requests as it may have. */
  get isFull(): boolean {
    return this.config.maxConnections !== undefined && this.inFlight >= this.config.maxConnections
  }

  /** Its part in the balancing now: its weight, or as much of it as `slowStart` (ms) lets it have since it came back. */
  warmUp(slowStart: number | undefined, now: number): void {
    const age = now - this.health.cameBackAt
    this.share = slowStart === undefined || age >= slowStart ? this.config.weight : this.config.weight * Math.max(SLOWEST, age / slowStart)
  }

  /** Takes the time to the first byte of an answer, in ms, into its mean. */
  answeredIn(time: number): void {
    this.latency = this.latency === null ? time : this.latency + (time - this.latency) / MEAN_OVER
  }

  /** When it stops keeping visitors, in epoch ms; null while it does not drain. */
  drainUntil(drain: number): number | null {
    return this.drainSince === null ? null : this.drainSince + drain
  }

  /** Takes over an edited configuration. Connections made without checking a certificate are not kept once it is checked. */
  update(config: BackendConfig, connectTimeout: number): void {
    const verifyChanged = config.tls.verify !== this.config.tls.verify
    this.config = config
    this.connectTimeout = connectTimeout
    // Idle connections to one that gets no new requests are closed.
    if (verifyChanged || config.state !== 'active') this.pool.renew()
  }

  /** How it is dialled now. */
  dialOptions(timeout = this.connectTimeout): DialOptions {
    return { ...this.dialing, timeout }
  }

  /** Closes its idle connections; running ones end by themselves and are not kept. */
  retire(): void {
    this.pool.retire()
  }
}

/** Under which a backend's state is kept across loads. */
export function backendKey(service: string, { id, url }: { readonly id: string; readonly url: string }): string {
  return `${service} ${id} ${url}`
}
