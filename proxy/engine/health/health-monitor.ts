import { elapsed } from '../../contract/clock'
import type { Service } from '../../contract/config/service'
import { healthKind } from '../../contract/health-kind'
import { NO_DESCRIPTOR } from '../../outbound/backend-error'
import type { Dialer } from '../../outbound/dialer'
import type { Backend } from '../backend/backend'
import type { BackendState } from '../backend/backend-state'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import type { World } from '../world/world'
import { CheckLine } from './check-line'
import { checkHttp } from './http-check'
import { checkTcp, type PortManners } from './tcp-check'

const TRANSITION_INTERVAL_MS = 1_000
/** The first checks of many backends are spread over so many ms each, so that a thousand do not dial at once. */
const SPREAD_MS = 2
/** Checks that fall due within so long are made together: a thousand that each wake the process alone cost half as much again (`bench/rows/upkeep.ts`). */
const TOGETHER_MS = 250

interface Watched {
  service: Service
  backend: Backend
  /** Counts the checks: the finding of one that another has overtaken is of no interest any more. */
  turn: number
  readonly timer: Timer
  readonly line: CheckLine
  readonly manners: PortManners
}

export interface HealthMonitorOptions {
  readonly random: () => number
  readonly elapsed: () => number
  readonly wheel: TimerWheel
  readonly dialer: Dialer
  /** Something people see of a backend's health has changed. */
  readonly onChange: (backend: BackendState) => void
}

/** Watches every backend of every service that is switched on: a timer each, kept across reloads. */
export class HealthMonitor {
  private readonly watched = new Map<BackendState, Watched>()
  private readonly options: HealthMonitorOptions

  constructor(options: HealthMonitorOptions) {
    this.options = options
  }

  /** Follows a new world: begins with backends that are new, goes on with the rest, forgets those that are gone. */
  follow(world: World): void {
    const present = new Set<BackendState>()
    let fresh = 0
    for (const [id, backends] of world.backends) {
      const service = world.snapshot.services.get(id)?.config
      if (service === undefined) continue
      for (const backend of backends) {
        const { live, config } = backend
        // What somebody has taken out on purpose is not asked how it is.
        const asked = healthKind(service) !== 'off' && config.state !== 'maintenance'
        live.health.watch(asked, this.options.elapsed())
        if (!asked || !service.enabled) continue
        present.add(live)
        const known = this.watched.get(live)
        if (known === undefined) this.watch(backend, service, fresh++ * SPREAD_MS * this.options.random())
        else this.update(known, backend, service)
      }
    }
    for (const [live, { timer, line }] of this.watched) {
      if (present.has(live)) continue
      timer.clear()
      line.close()
      this.watched.delete(live)
    }
  }

  /** Real traffic could not connect. Three times within ten seconds, and the backend is left alone for ten. */
  connectionFailed(live: BackendState, reason: string, accepts: boolean): void {
    const { elapsed, onChange } = this.options
    const { health } = live
    if (!health.connectionFailed(elapsed(), reason, accepts)) return
    onChange(live)
    setTimeout(() => onChange(live), health.outUntil - elapsed() + 1).unref()
  }

  /** Checks a backend now; false where it is not watched. */
  checkNow(live: BackendState): boolean {
    const entry = this.watched.get(live)
    if (entry === undefined) return false
    this.now(entry)
    return true
  }

  stop(): void {
    for (const { timer, line } of this.watched.values()) {
      timer.clear()
      line.close()
    }
    this.watched.clear()
  }

  private update(known: Watched, backend: Backend, service: Service): void {
    const changed = askedBy(known.service, known.backend) !== askedBy(service, backend)
    known.service = service
    known.backend = backend
    if (changed) this.now(known)
  }

  private now(entry: Watched): void {
    entry.timer.rest()
    void this.check(entry)
  }

  private watch(backend: Backend, service: Service, delay: number): void {
    const entry: Watched = {
      service,
      backend,
      turn: 0,
      line: new CheckLine(),
      manners: {},
      timer: new Timer(this.options.wheel, () => void this.check(entry)),
    }
    this.watched.set(backend.live, entry)
    // The first check is made at once; the wheel would wait for its next turn.
    setTimeout(() => this.watched.get(backend.live) === entry && entry.turn === 0 && this.now(entry), delay).unref()
  }

  private async check(entry: Watched): Promise<void> {
    const { service, backend, line } = entry
    const { live } = backend
    const { elapsed, random, onChange, wheel, dialer } = this.options
    const turn = ++entry.turn
    const began = elapsed()
    const kind = healthKind(service)
    const reason = await (kind === 'http'
      ? checkHttp(backend, service, line, dialer, wheel)
      : checkTcp(backend, service, dialer, entry.manners))
    if (entry.turn !== turn || this.watched.get(live) !== entry) return
    const { health } = live
    // A want of descriptors is the gateway's own, and says nothing of the backend.
    if (reason === NO_DESCRIPTOR) return entry.timer.set(TRANSITION_INTERVAL_MS)
    const before = `${health.state(elapsed())} ${health.reason(elapsed()) ?? ''}`
    const latency = Math.round((elapsed() - began) * 10) / 10
    health.check(elapsed(), latency, reason, kind !== 'http' && service.health.expect === undefined, service.health)
    const { interval } = service.health
    // ±10 % keeps many checks from falling together.
    const delay = (health.inTransition ? Math.min(TRANSITION_INTERVAL_MS, interval) : interval) * (0.9 + 0.2 * random())
    entry.timer.set(together(delay))
    if (before !== `${health.state(elapsed())} ${health.reason(elapsed()) ?? ''}`) onChange(live)
  }
}

/** All that a check's outcome hangs on: where it changes, the next check is made at once. */
function askedBy({ health, lockdown }: Service, { speaker }: Backend): string {
  return JSON.stringify([health, lockdown, speaker.checkHost, speaker.identity])
}

/** A delay that ends on the grid that all checks are on, at most `TOGETHER_MS` early; short ones are kept as they are. */
function together(delay: number): number {
  if (delay < 4 * TOGETHER_MS) return delay
  const due = elapsed() + delay
  return due - (due % TOGETHER_MS) - elapsed()
}
