import { parseBackendUrl } from '../../contract/backend-url'
import type { Config } from '../../contract/config/document'
import type { Alert, HealthEvent } from '../../contract/events'

/** Services that fail together within this time have one cause, where their backends are on one machine. */
const GATHER_MS = 1_500
/** What fails on the same machine so soon after joins the alarm that is out: checks of several services are seconds apart. */
const CAUSE_MS = 20_000
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

interface Found {
  readonly event: HealthEvent
  readonly level: Level
}

/** One cause that people were told of: which services it took away, and since when. */
interface Alarm {
  readonly id: string
  readonly machine: string
  readonly since: number
  wasDown: boolean
  /** By service. */
  readonly found: Map<string, Found>
}

/** Folds what the engine finds into one alert a cause: what fails, what answers instead, and when it is over. */
export class Alerts {
  readonly #options: AlertsOptions
  readonly #services = new Map<string, Known>()
  /** Alarms that are out, by id. */
  readonly #alarms = new Map<string, Alarm>()
  #gathering: Found[] = []
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
    this.#alarms.clear()
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
    known.level = level
    known.since = event.at
    // An alarm that is out has to end, whatever was muted since: it would stay on screen for good.
    if (level === 'well' && known.alarm !== null) return this.#tellBack(event, known)
    if (level === 'well' || this.#options.now() < this.#quietUntil || this.#isMuted(event.service)) return
    this.#gathering.push({ event, level })
    this.#timer ??= setTimeout(() => this.#tellGathered(), GATHER_MS)
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #tellGathered(): void {
    this.#timer = undefined
    const groups = new Map<string, Found[]>()
    for (const entry of this.#gathering.splice(0)) {
      // What was over before anybody was told needs no alarm.
      if (this.#services.get(entry.event.service)?.level !== entry.level) continue
      const machine = machineOf(entry.event)
      groups.set(machine, [...(groups.get(machine) ?? []), entry])
    }
    for (const [machine, entries] of groups) this.#tellAlarm(machine, entries)
  }

  #tellAlarm(machine: string, entries: readonly Found[]): void {
    const now = this.#options.now()
    const alarm = this.#alarmFor(machine, entries, now)
    const loud = entries.filter(({ event }) => {
      const known = this.#services.get(event.service)
      if (known === undefined) return false
      known.told = known.told.filter((at) => now - at < FLAP_MS)
      if (known.told.length >= FLAPS) return false
      known.told.push(now)
      known.alarm = alarm.id
      return true
    })
    if (loud.length === 0) return
    this.#alarms.set(alarm.id, alarm)
    alarm.wasDown ||= loud.some(({ level }) => level === 'down')
    for (const entry of loud) alarm.found.set(entry.event.service, entry)
    this.#options.emit({
      id: alarm.id,
      at: now,
      level: alarm.wasDown ? 'down' : 'attention',
      services: [...alarm.found.keys()],
      since: alarm.since,
      ...this.#wordsOf(machine, [...alarm.found.values()]),
    })
  }

  /** What has one cause is one alarm: the service's own that gets worse, or one of this machine that has just begun. */
  #alarmFor(machine: string, entries: readonly Found[], now: number): Alarm {
    for (const alarm of this.#alarms.values()) {
      const own = entries.length === 1 && alarm.found.size === 1 && alarm.found.has(entries[0]?.event.service ?? '')
      if (own || (alarm.machine === machine && now - alarm.since < CAUSE_MS)) return alarm
    }
    return { id: `health-${++this.#count}`, machine, since: entries[0]?.event.at ?? now, wasDown: false, found: new Map() }
  }

  #wordsOf(machine: string, found: readonly Found[]): { readonly title: string; readonly text: string } {
    const [first] = found
    if (first === undefined) return { title: '', text: '' }
    const { event, level } = first
    const why = event.backend?.reason ?? event.reason ?? 'it does not answer'
    const names = found.map((entry) => this.#nameOf(entry.event.service))
    if (found.length > 1) {
      const places = new Set(found.map((entry) => placeOf(entry.event)))
      const where = places.size === 1 && event.backend !== null ? `${event.backend.id} (${placeOf(event)})` : `Backends on ${machine}`
      return { title: `${found.length} services need attention`, text: `${where}: ${why}. ${names.join(', ')}.` }
    }
    const title = level === 'down' ? `${names[0]} is down` : event.onBackup ? `${names[0]} is on its backup` : `${names[0]} needs attention`
    const what = event.backend === null ? upperFirst(why) : `${event.backend.id}: ${why}`
    return {
      title,
      text: `${what}.${level === 'down' ? ' Nobody can be served.' : event.onBackup ? ' A backup answers; visitors notice nothing.' : ' The other backends answer.'}`,
    }
  }

  /** The last service of an alarm ends it; until then the others are still away, and it stands. */
  #tellBack(event: HealthEvent, known: Known): void {
    const alarm = this.#alarms.get(known.alarm ?? '')
    known.alarm = null
    if (alarm === undefined || [...this.#services.values()].some((other) => other.alarm === alarm.id)) return
    this.#alarms.delete(alarm.id)
    const names = [...alarm.found.keys()].map((id) => this.#nameOf(id))
    const time = spanWords(event.at - alarm.since)
    const who = names.length === 1 ? `${names[0]} is` : `${names.length} services are`
    this.#options.emit({
      id: alarm.id,
      at: this.#options.now(),
      level: 'back',
      services: [...alarm.found.keys()],
      since: alarm.since,
      title: `${who} ${alarm.wasDown ? 'back' : 'well again'}`,
      text: `${names.length === 1 ? '' : `${names.join(', ')}. `}${alarm.wasDown ? `It was away for ${time}.` : `After ${time}; visitors were served all the while.`}`,
    })
  }

  /** Also where everybody gets the maintenance page: nobody misses what is away on purpose. */
  #isMuted(id: string): boolean {
    const service = this.#options.config().services.find((other) => other.id === id)
    if (service === undefined || service.maintenance.mode === 'on') return true
    const { mute, muteUntil } = service.alerts
    return mute || (muteUntil !== undefined && Date.parse(muteUntil) > this.#options.now())
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

function placeOf({ backend, service }: HealthEvent): string {
  if (backend === null) return service
  const url = parseBackendUrl(backend.url)
  return typeof url === 'string' ? backend.url : `${url.host}:${url.port}`
}

function spanWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  return minutes < 1 ? `${Math.max(1, Math.round(ms / 1_000))} s` : `${minutes} min`
}
