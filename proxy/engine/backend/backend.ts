import type { Backend as BackendConfig } from '../../contract/config/backend'
import type { Service } from '../../contract/config/service'
import { BackendSpeaker } from '../../outbound/speaker'
import type { Candidate } from '../balance/candidate'
import type { BackendState } from './backend-state'

/** The least share of one that has just come back: nothing at all would never warm it up. */
const SLOWEST = 0.05

/** One server behind a service, as one configuration has it. What is known of it beyond that is `live`. */
export class Backend implements Candidate {
  readonly live: BackendState
  readonly config: BackendConfig
  readonly speaker: BackendSpeaker
  /** For name, connection and TLS together, in ms. */
  readonly connectTimeout: number

  constructor(service: Service, config: BackendConfig, live: BackendState) {
    this.live = live
    this.config = config
    this.speaker = new BackendSpeaker(service, config)
    this.connectTimeout = service.timeouts.connect
  }

  get key(): string {
    return this.live.key
  }

  get stickyId(): string {
    return this.live.stickyId
  }

  get weight(): number {
    return this.live.share
  }

  get inFlight(): number {
    return this.live.inFlight
  }

  get turn(): number {
    return this.live.turn
  }

  set turn(turn: number) {
    this.live.turn = turn
  }

  /** Whether it has as many requests as it may have. */
  get isFull(): boolean {
    return this.config.maxConnections !== undefined && this.live.inFlight >= this.config.maxConnections
  }

  /** Reckons its part in the balancing: its weight, or as much of it as `slowStart` (ms) lets it have since it came back. `now` of `elapsed`. */
  warmUp(slowStart: number | undefined, now: number): void {
    const { live, config } = this
    const age = now - live.health.cameBackAt
    live.share = slowStart === undefined || age >= slowStart ? config.weight : config.weight * Math.max(SLOWEST, age / slowStart)
  }

  /** When it stops keeping visitors, of `elapsed`, where a drain lasts `drain` ms; null while it does not drain. */
  drainUntil(drain: number): number | null {
    return this.live.drainSince === null ? null : this.live.drainSince.elapsed + drain
  }
}
