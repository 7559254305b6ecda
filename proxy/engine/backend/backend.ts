import { parseBackendUrl, type BackendUrl } from '../../contract/backend-url'
import type { Backend as BackendConfig } from '../../contract/config/backend'
import type { Candidate } from '../balance/candidate'
import type { HealthRecord } from '../health/health-record'
import { BackendPool } from './backend-pool'
import type { TimerWheel } from '../time/timer-wheel'
import type { DialOptions } from './dial'

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
  requests = 0
  failed = 0
  /** What it is called where the client's Host is not passed on. */
  readonly ownHost: string
  readonly pool: BackendPool
  private readonly dialing: Omit<DialOptions, 'timeout'>

  constructor(service: string, config: BackendConfig, connectTimeout: number, health: HealthRecord, dialing: Omit<DialOptions, 'timeout'>, wheel: TimerWheel) {
    const url = parseBackendUrl(config.url)
    if (typeof url === 'string') throw new Error(`backend ${config.id} has a URL that was not checked: ${url}`)
    this.key = backendKey(service, config)
    this.service = service
    this.url = url
    const host = url.host.includes(':') ? `[${url.host}]` : url.host
    this.ownHost = url.port === (url.secure ? 443 : 80) ? host : `${host}:${url.port}`
    this.config = config
    this.connectTimeout = connectTimeout
    this.health = health
    this.dialing = dialing
    this.pool = new BackendPool(() => ({ ...this.url, verify: this.config.tls.verify }), () => this.dialOptions(), wheel)
  }

  get weight(): number {
    return this.config.weight
  }

  /** Takes over an edited configuration. Connections made without checking a certificate are not kept once it is checked. */
  update(config: BackendConfig, connectTimeout: number): void {
    const verifyChanged = config.tls.verify !== this.config.tls.verify
    this.config = config
    this.connectTimeout = connectTimeout
    if (verifyChanged) this.pool.renew()
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
