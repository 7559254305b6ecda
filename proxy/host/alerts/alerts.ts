import { parseBackendUrl } from '../../contract/backend-url'
import type { Config } from '../../contract/config/document'
import type { Alert, HealthEvent } from '../../contract/events'

/** Services that fail together within this time have one cause, where their backends are on one machine. */
const GATHER_MS = 1_500
/** After a start, and after the machine slept, checks have to find their feet: nobody is told of what they find first. */
const QUIET_MS = 15_000
/** A gap between two ticks of the engine that only a machine that slept explains. */
const SLEPT_MS = 5_000
/** A service that comes and goes is told of so often in `FLAP_MS`, then no more. */
const FLAPS = 3
const FLAP_MS = 5 * 60_000

export interface AlertsOptions {
  readonly config: () => Config
  readonly emit: (alert: Alert) => void
  readonly now: () => number
}

type Level = 'well' | 'attention' | 'down'

interface Known {
  level: Level
  since: number
  /** The alarm that is out, which its end replaces. */
  alarm: string | null
  told: number[]
}

/** Folds what the engine finds into one alert a cause: what fails, what answers instead, and when it is over. */
export class Alerts {
  readonly #options: AlertsOptions
  readonly #services = new Map<string, Known>()
  #gathering: { readonly event: HealthEvent; readonly level: Level }[] = []
  #timer: NodeJS.Timeout | undefined
  #quietUntil: number
  #lastTick: number
  #count = 0

  constructor(options: AlertsOptions) {
    this.#options = options
    this.#lastTick = options.now()
    this.#quietUntil = this.#lastTick + QUIET_MS
  }

  /** The engine has started: what was known is gone. */
  started(): void {
    this.#services.clear()
    this.#quietUntil = this.#options.now() + QUIET_MS
  }

  ticked(): void {
    const now = this.#options.now()
    if (now - this.#lastTick > SLEPT_MS) this.#quietUntil = now + QUIET_MS
    this.#lastTick = now
  }

  heard(event: HealthEvent): void {
    const level = levelOf(event)
    const known = this.#services.get(event.service) ?? { level: 'well', since: event.at, alarm: null, told: [] }
    this.#services.set(event.service, known)
    if (level === known.level) return
    const since = known.since
    known.level = level
    known.since = event.at
    // An alarm that is out has to end, whatever was muted since: it would stay on screen for good.
    if (level === 'well' && known.alarm !== null) return this.#tellBack(event, known, since)
    if (level === 'well' || this.#options.now() < this.#quietUntil || this.#isMuted(event.service)) return
    this.#gathering.push({ event, level })
    this.#timer ??= setTimeout(() => this.#tellGathered(), GATHER_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #tellGathered(): void {
    this.#timer = undefined
    const groups = new Map<string, { readonly event: HealthEvent; readonly level: Level }[]>()
    for (const entry of this.#gathering.splice(0)) {
      // What was over before anybody was told needs no alarm.
      if (this.#services.get(entry.event.service)?.level !== entry.level) continue
      const machine = machineOf(entry.event)
      groups.set(machine, [...(groups.get(machine) ?? []), entry])
    }
    for (const [machine, entries] of groups) this.#tellAlarm(machine, entries)
  }

  #tellAlarm(machine: string, entries: readonly { readonly event: HealthEvent; readonly level: Level }[]): void {
    const [first] = entries
    if (first === undefined) return
    const now = this.#options.now()
    // What gets worse takes the place of its own alarm, not that of one it shares with others.
    const before = entries.length === 1 ? (this.#services.get(first.event.service)?.alarm ?? null) : null
    const id = before !== null && !this.#isShared(before, first.event.service) ? before : `health-${++this.#count}`
    const level = entries.some((entry) => entry.level === 'down') ? 'down' as const : 'attention' as const
    const loud = entries.filter(({ event }) => {
      const known = this.#services.get(event.service)
      if (known === undefined) return false
      known.told = known.told.filter((at) => now - at < FLAP_MS)
      if (known.told.length >= FLAPS) return false
      known.told.push(now)
      known.alarm = id
      return true
    })
    if (loud.length === 0) return
    const names = loud.map(({ event }) => this.#nameOf(event.service))
    const { event } = first
    const why = event.backend?.reason ?? event.reason ?? 'it does not answer'
    if (loud.length > 1) {
      return this.#options.emit({ id, at: now, level, services: loud.map((entry) => entry.event.service), since: event.at, title: `${loud.length} services need attention`, text: `${machine} does not answer (${why}): ${names.join(', ')}.` })
    }
    const title = first.level === 'down' ? `${names[0]} is down` : event.onBackup ? `${names[0]} is on its backup` : `${names[0]} needs attention`
    const text = `${event.backend === null ? '' : `${event.backend.id}: `}${event.backend === null ? upperFirst(why) : why}.${first.level === 'down' ? ' Nobody can be served.' : event.onBackup ? ' A backup answers; visitors notice nothing.' : ' The other backends answer.'}`
    this.#options.emit({ id, at: now, level, services: [event.service], since: event.at, title, text })
  }

  #tellBack(event: HealthEvent, known: Known, since: number): void {
    const { alarm } = known
    known.alarm = null
    if (alarm === null) return
    // The last of an alarm of several ends it; until then the others are still away.
    const id = this.#isShared(alarm, event.service) ? `health-${++this.#count}` : alarm
    const minutes = Math.round((event.at - since) / 60_000)
    this.#options.emit({ id, at: this.#options.now(), level: 'back', services: [event.service], since, title: `${this.#nameOf(event.service)} is back`, text: `It was away for ${minutes < 1 ? `${Math.max(1, Math.round((event.at - since) / 1_000))} s` : `${minutes} min`}.` })
  }

  #isShared(alarm: string, service: string): boolean {
    return [...this.#services].some(([id, known]) => id !== service && known.alarm === alarm)
  }

  #isMuted(id: string): boolean {
    const alerts = this.#options.config().services.find((service) => service.id === id)?.alerts
    if (alerts === undefined) return true
    return alerts.mute || (alerts.muteUntil !== undefined && Date.parse(alerts.muteUntil) > this.#options.now())
  }

  #nameOf(id: string): string {
    return this.#options.config().services.find((service) => service.id === id)?.name ?? id
  }
}

/** What somebody has taken out on purpose is no alarm; nor is a check that has not found anything yet. */
function levelOf({ state, onBackup, backend }: HealthEvent): Level {
  if (state === 'down') return 'down'
  return state === 'attention' && (onBackup || backend?.health === 'down') ? 'attention' : 'well'
}

function machineOf({ backend, service }: HealthEvent): string {
  if (backend === null) return service
  const url = parseBackendUrl(backend.url)
  return typeof url === 'string' ? backend.url : url.host
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
