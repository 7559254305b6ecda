import { wallTime } from '../../contract/clock'
import type { HealthState } from '../../contract/status'

const EJECT_AFTER_FAILURES = 3
const EJECT_WINDOW_MS = 10_000
const EJECT_FOR_MS = 10_000

/** What is known of one backend's health. It survives reloads with the backend. */
export class HealthRecord {
  /** Since when it is as people see it, in epoch ms. */
  since: number
  /** When it was last found well after it had been down, of `elapsed`; far back: it never was down. */
  cameBackAt = Number.NEGATIVE_INFINITY
  /** `at` in epoch ms. */
  lastCheck: { at: number; latency: number } | null = null
  private checked: HealthState = 'checking'
  private finding: string | null = null
  private good = 0
  private bad = 0
  private failures: number[] = []
  private ejectedUntil = Number.NEGATIVE_INFINITY
  /** Whether what took it out leaves it able to accept connections, so that one says nothing of its recovery. */
  private accepts = false
  private readonly date: () => number

  /** `date`: the time of day, for what people are told; every `now` is of `elapsed`. */
  constructor(date: () => number = wallTime) {
    this.date = date
    this.since = date()
  }

  /** Its health as people see it. */
  state(now: number): HealthState {
    return now < this.ejectedUntil ? 'down' : this.checked
  }

  /** Why it is not well, in words; null while it is, or where nothing is known yet. */
  reason(now: number): string | null {
    return this.state(now) === 'down' || this.bad > 0 ? this.finding : null
  }

  /** Whether new requests may go to it. Before the first checks are through it is usable. */
  isUsable(now: number): boolean {
    return this.checked !== 'down' && now >= this.ejectedUntil
  }

  /** When it may be tried again after connection failures, of `elapsed`; far back where it was not taken out. */
  get outUntil(): number {
    return this.ejectedUntil
  }

  /** Whether checks disagree with the present state, so that the next one should come soon. */
  get inTransition(): boolean {
    return this.checked === 'checking' || (this.checked === 'up' && this.bad > 0) || (this.checked === 'down' && this.good > 0)
  }

  /** Takes a check's finding; `reason` is null where it was good. `connectOnly`: it only looked whether a connection is accepted. */
  check(
    now: number,
    latency: number,
    reason: string | null,
    connectOnly: boolean,
    limits: { readonly rise: number; readonly fall: number },
  ): void {
    this.lastCheck = { at: this.date(), latency }
    if (reason === null) {
      this.good += 1
      this.bad = 0
      // One that accepts and never answers would be put back by each such check, for its visitors to wait in vain.
      if (connectOnly && this.accepts && now < this.ejectedUntil) return
      if (this.checked !== 'down' || this.good >= limits.rise) this.become('up', now, null)
      return
    }
    this.bad += 1
    this.good = 0
    if (this.bad >= limits.fall || this.checked === 'down') this.become('down', now, reason)
    else this.finding = reason
  }

  /** Takes a failed connection of real traffic: three within ten seconds take the backend out for ten. `accepts`: it took the connection, and then did not answer. Returns whether this one did. */
  connectionFailed(now: number, reason: string, accepts: boolean): boolean {
    this.failures = [...this.failures.filter((at) => now - at < EJECT_WINDOW_MS), now]
    if (this.failures.length < EJECT_AFTER_FAILURES || now < this.ejectedUntil) return false
    this.failures = []
    this.ejectedUntil = now + EJECT_FOR_MS
    this.accepts = accepts
    if (this.checked !== 'down') this.since = this.date()
    this.finding = reason
    return true
  }

  /** Takes an answer of real traffic: only failures in a row count. */
  answered(): void {
    if (this.failures.length > 0) this.failures = []
  }

  /** Nobody checks it any more, or checks begin. */
  watch(watched: boolean, now: number): void {
    if (!watched && this.checked !== 'unwatched') this.become('unwatched', now, null)
    else if (watched && this.checked === 'unwatched') this.become('checking', now, null)
  }

  private become(state: HealthState, now: number, reason: string | null): void {
    if (state !== this.checked || now < this.ejectedUntil) this.since = this.date()
    if (state === 'up' && this.checked === 'down') this.cameBackAt = now
    this.checked = state
    this.finding = reason
    this.ejectedUntil = Number.NEGATIVE_INFINITY
    if (state !== 'down') this.bad = 0
    if (state === 'down') this.good = 0
  }
}
