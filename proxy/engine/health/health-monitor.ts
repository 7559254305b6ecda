import type { Service } from '../../contract/config/service'
import { healthKind } from '../../contract/health-kind'
import type { Backend } from '../backend/backend'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import type { World } from '../world/world'
import { CheckLine } from './check-line'
import { checkHttp } from './http-check'
import { checkTcp } from './tcp-check'

const TRANSITION_INTERVAL_MS = 1_000
/** The first checks of many backends are spread over so many ms each, so that a thousand do not dial at once. */
const SPREAD_MS = 2
/** Checks that fall due within so long are made together: a thousand that each wake the process alone cost half as much again (`bench/rows/upkeep.ts`). */
const TOGETHER_MS = 250

interface Watched {
  service: Service
  readonly timer: Timer
  readonly line: CheckLine
}

export interface HealthMonitorOptions {
  readonly random: () => number
  readonly now: () => number
  readonly wheel: TimerWheel
  /** Something people see of a backend's health has changed. */
  readonly onChange: (backend: Backend) => void
}

/** Watches every backend of every service that is switched on: a timer each, kept across reloads. */
export class HealthMonitor {
  private readonly watched = new Map<Backend, Watched>()
  private readonly options: HealthMonitorOptions

  constructor(options: HealthMonitorOptions) {
    this.options = options
  }

  /** Follows a new world: begins with backends that are new, goes on with the rest, forgets those that are gone. */
  follow(world: World): void {
    const present = new Set<Backend>()
    let fresh = 0
    for (const [id, backends] of world.backends) {
      const service = world.snapshot.services.get(id)?.config
      if (service === undefined) continue
      for (const backend of backends) {
        // What somebody has taken out on purpose is not asked how it is.
        const asked = healthKind(service) !== 'off'
        const watch = service.enabled && asked && backend.config.state !== 'maintenance'
        backend.health.watch(asked && backend.config.state !== 'maintenance', this.options.now())
        if (!watch) continue
        present.add(backend)
        const known = this.watched.get(backend)
        const changed = known !== undefined && askedBy(known.service) !== askedBy(service)
        if (known) known.service = service
        else this.watch(backend, service, fresh++ * SPREAD_MS * this.options.random())
        if (known && changed) this.now(backend, known)
      }
    }
    for (const [backend, { timer, line }] of this.watched) {
      if (present.has(backend)) continue
      timer.clear()
      line.close()
      this.watched.delete(backend)
    }
  }

  /** Real traffic could not connect. Three times within ten seconds, and the backend is left alone for ten. */
  connectionFailed(backend: Backend, reason: string, accepts: boolean): void {
    const { now, onChange } = this.options
    if (!backend.health.connectionFailed(now(), reason, accepts)) return
    onChange(backend)
    setTimeout(() => onChange(backend), backend.health.outUntil - now() + 1).unref()
  }

  /** Checks a backend now; false where it is not watched. */
  checkNow(backend: Backend): boolean {
    const entry = this.watched.get(backend)
    if (entry === undefined) return false
    this.now(backend, entry)
    return true
  }

  stop(): void {
    for (const { timer, line } of this.watched.values()) {
      timer.clear()
      line.close()
    }
    this.watched.clear()
  }

  private now(backend: Backend, { timer }: Watched): void {
    timer.rest()
    void this.check(backend)
  }

  private watch(backend: Backend, service: Service, delay: number): void {
    const entry = { service, line: new CheckLine(), timer: new Timer(this.options.wheel, () => void this.check(backend)) }
    this.watched.set(backend, entry)
    // The first check is made at once; the wheel would wait for its next turn.
    setTimeout(() => this.watched.get(backend) === entry && this.now(backend, entry), delay).unref()
  }

  private async check(backend: Backend): Promise<void> {
    const watched = this.watched.get(backend)
    if (watched === undefined) return
    const { service, line } = watched
    const { now, random, onChange } = this.options
    const began = performance.now()
    const kind = healthKind(service)
    const reason = await (kind === 'http' ? checkHttp(backend, service, line, this.options.wheel) : checkTcp(backend, service))
    const entry = this.watched.get(backend)
    if (entry === undefined) return
    const { health } = backend
    const before = `${health.state(now())} ${health.reason(now()) ?? ''}`
    health.check(
      now(),
      Math.round((performance.now() - began) * 10) / 10,
      reason,
      kind !== 'http' && service.health.expect === undefined,
      entry.service.health,
    )
    const { interval } = entry.service.health
    // ±10 % keeps many checks from falling together.
    const delay = (health.inTransition ? Math.min(TRANSITION_INTERVAL_MS, interval) : interval) * (0.9 + 0.2 * random())
    entry.timer.set(together(delay))
    if (before !== `${health.state(now())} ${health.reason(now()) ?? ''}`) onChange(backend)
  }
}

/** All that a check's outcome hangs on: where it changes, the next check is made at once. */
function askedBy({ health, lockdown }: Service): string {
  return JSON.stringify([health, lockdown])
}

/** A delay that ends on the grid that all checks are on, at most `TOGETHER_MS` early; short ones are kept as they are. */
function together(delay: number): number {
  if (delay < 4 * TOGETHER_MS) return delay
  const due = performance.now() + delay
  return due - (due % TOGETHER_MS) - performance.now()
}
