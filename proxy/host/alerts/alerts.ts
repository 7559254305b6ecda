import type { Config } from '../../contract/config/document'
import type { Alert, HealthEvent } from '../../contract/events'
import type { EngineStatus } from '../../contract/status'
import { alarmWords, backWords, plannedWords, whyTakenOut, whyUnwanted, type Words } from './alert-words'
import { type Found, type Level, levelOf, machineOf, nowOf } from './found'
import { type Alarm, countFailure, dropLater, FLAP_MS, type Known, newAlarm, newKnown } from './known'
import { type Clocks, Quiet } from './quiet'

/** Services that fail together within this time have one cause, where their backends are on one machine. */
const GATHER_MS = 1_500
/** What fails on the same machine so soon after joins the alarm that is out: checks of several services are seconds apart. */
const CAUSE_MS = 20_000
/** A service that comes and goes is told of so often in `FLAP_MS`; the last of these alarms stays until it has settled. */
const FLAPS = 3
/** Well for so long, what came and went has settled. */
const SETTLED_MS = 60_000

export interface AlertsOptions extends Clocks {
  readonly config: () => Config
  readonly emit: (alert: Alert) => void
}

/** Folds what the engine finds into one alert a cause: what fails, what answers instead, and when that is over, for whatever reason. */
export class Alerts {
  readonly #options: AlertsOptions
  readonly #services = new Map<string, Known>()
  /** Alarms that are out, by id. */
  readonly #alarms = new Map<string, Alarm>()
  #gathering: Found[] = []
  #timer: NodeJS.Timeout | undefined
  readonly #quiet: Quiet
  #count = 0

  constructor(options: AlertsOptions) {
    this.#options = options
    this.#quiet = new Quiet(options)
  }

  /** Whether time alone may bring something to tell, so that `review` is wanted though nothing happened. */
  get waits(): boolean {
    return [...this.#services.values()].some(({ hushed }) => hushed)
  }

  /** The engine has started: nothing is known until it has looked again. */
  started(): void {
    for (const known of this.#services.values()) known.unsure = true
    this.#quiet.started()
  }

  /** Somebody has stopped the engine, or it does not start: nobody looks any more. */
  stopped(): void {
    for (const [id, known] of this.#services) {
      if (known.later !== undefined || this.#gathering.some(({ event }) => event.service === id)) known.hushed = known.level !== 'well'
      dropLater(known)
      if (known.alarm !== null) this.#endPlanned(id, known, 'The gateway is stopped')
    }
    this.#gathering = []
  }

  ticked(): void {
    this.#quiet.ticked()
  }

  heard(event: HealthEvent): void {
    const level = levelOf(event)
    if (level !== null) this.#judge(event, level)
    const known = this.#services.get(event.service)
    if (known === undefined || event.backend === null) return
    if (event.backend.health === 'down') known.down.set(event.backend.id, event.backend.url)
    else known.down.delete(event.backend.id)
  }

  /** Looks at everything there is (null: no engine tells), after the configuration or something else than a backend has changed. */
  review(services: EngineStatus['services'] | null): void {
    const config = this.#options.config()
    for (const [id, known] of this.#services) {
      const why = known.alarm === null ? null : this.#whyUnwanted(id)
      if (why !== null) this.#endPlanned(id, known, why)
    }
    const present = new Set(config.services.map(({ id }) => id))
    for (const [id, known] of this.#services) {
      if (present.has(id)) continue
      dropLater(known)
      this.#services.delete(id)
    }
    for (const service of services ?? []) if (present.has(service.id)) this.#reviewOne(service, config)
  }

  stop(): void {
    clearTimeout(this.#timer)
    for (const known of this.#services.values()) dropLater(known)
    for (const { settling } of this.#alarms.values()) clearTimeout(settling)
  }

  #reviewOne(service: EngineStatus['services'][number], config: Config): void {
    const { id } = service
    const before = this.#services.get(id)
    const { event, level } = nowOf(service, before?.level ?? 'well', this.#options.wallTime())
    if (before === undefined && (level === null || level === 'well')) return
    const known = this.#knownOf(id)
    // An engine that has just started knows nothing; one that runs has lost what was down, and looks at what is there instead.
    const why = level === 'well' || (level === null && !known.unsure) ? whyTakenOut(config, id, known.down) : null
    if (why !== null) {
      if (known.alarm !== null) this.#endPlanned(id, known, why)
      known.level = 'well'
      known.hushed = false
    }
    if (level !== null) this.#judge(event, level)
    if (level !== null || !known.unsure) {
      known.down.clear()
      for (const one of service.backends) if (one.state === 'active' && one.health === 'down') known.down.set(one.id, one.url)
    }
    if (!known.hushed || level === null || level === 'well' || !this.#quiet.isOver || this.#whyUnwanted(id) !== null) return
    known.hushed = false
    this.#gather(event, level)
  }

  #knownOf(id: string): Known {
    const known = this.#services.get(id) ?? newKnown()
    this.#services.set(id, known)
    return known
  }

  #judge(event: HealthEvent, level: Level): void {
    const known = this.#knownOf(event.service)
    known.unsure = false
    if (level === known.level) return
    const before = known.level
    known.level = level
    if (level === 'well') {
      known.hushed = false
      // An alarm that is out has to end, whatever was muted since: it would stay on screen for good.
      if (known.alarm !== null) this.#returned(known)
      return
    }
    if (before === 'well') {
      countFailure(known, this.#now)
      clearTimeout(this.#alarms.get(known.alarm ?? '')?.settling)
    }
    if (this.#whyUnwanted(event.service) !== null) known.hushed = true
    else if (this.#quiet.isOver) this.#gather(event, level)
    else known.hushed ||= this.#quiet.onlyDelays
  }

  #gather(event: HealthEvent, level: Level): void {
    this.#gathering.push({ event, level, name: this.#nameOf(event.service), found: this.#now })
    this.#timer ??= setTimeout(() => this.#tellGathered(), GATHER_MS)
  }

  #tellGathered(): void {
    this.#timer = undefined
    const groups = new Map<string, Found[]>()
    for (const entry of this.#gathering.splice(0)) {
      const { service } = entry.event
      const known = this.#services.get(service)
      // What was over before anybody was told needs no alarm.
      if (known?.level !== entry.level) continue
      if (this.#whyUnwanted(service) !== null) {
        known.hushed = true
        continue
      }
      // What has an alarm stays with it, or nothing would end that one.
      const cause = known.alarm ?? machineOf(entry.event)
      groups.set(cause, [...(groups.get(cause) ?? []), entry])
    }
    for (const entries of groups.values()) this.#tellAlarm(entries)
  }

  #tellAlarm(entries: readonly Found[]): void {
    const now = this.#now
    const alarm = this.#alarmFor(entries, now)
    const loud = entries.filter((entry) => this.#isLoud(entry, alarm, now))
    if (loud.length === 0) return
    this.#alarms.set(alarm.id, alarm)
    alarm.wasDown ||= loud.some(({ level }) => level === 'down')
    for (const entry of loud) alarm.found.set(entry.event.service, entry)
    const { title, text } = alarmWords(alarm.machine, [...alarm.found.values()])
    this.#tell(alarm, alarm.wasDown ? 'down' : 'attention', [...alarm.found.keys()], {
      title,
      text: alarm.flaps ? `${text} It comes and goes: its end is told once it has settled.` : text,
    })
  }

  /** Whether people are told; and what else becomes of it where they have been told often enough. */
  #isLoud(entry: Found, alarm: Alarm, now: number): boolean {
    const known = this.#services.get(entry.event.service)
    if (known === undefined) return false
    known.told = known.told.filter((at) => now - at < FLAP_MS)
    const worse = entry.level === 'down' && !alarm.wasDown
    if (known.alarm !== null && (alarm.flaps || known.told.length >= FLAPS) && !worse) return false
    const [oldest] = known.told
    if (known.alarm === null && oldest !== undefined && known.told.length >= FLAPS) {
      dropLater(known)
      // It has come back and is away again: told as soon as that is no flood, if it still holds then.
      known.later = setTimeout(
        () => {
          known.later = undefined
          this.#gather(entry.event, entry.level)
        },
        oldest + FLAP_MS - now,
      )
      return false
    }
    known.told = [...known.told, now].slice(-FLAPS)
    known.alarm = alarm.id
    alarm.flaps ||= known.told.length >= FLAPS && known.failed.times >= FLAPS
    return true
  }

  /** What has one cause is one alarm: its own, which gets worse, or one of this machine that has just begun. */
  #alarmFor(entries: readonly Found[], now: number): Alarm {
    const [first] = entries
    const own = first === undefined ? null : (this.#services.get(first.event.service)?.alarm ?? null)
    const machine = first === undefined ? '' : machineOf(first.event)
    for (const alarm of this.#alarms.values())
      if (own === null ? alarm.machine === machine && now - alarm.began < CAUSE_MS : alarm.id === own) return alarm
    return newAlarm(`health-${++this.#count}`, machine, first?.event.at ?? this.#options.wallTime(), first?.found ?? now)
  }

  /** The last service of an alarm ends it; until then the others are still away, and it stands. */
  #returned(known: Known): void {
    const alarm = this.#alarms.get(known.alarm ?? '')
    if (alarm === undefined || !alarm.flaps) known.alarm = null
    if (alarm === undefined) return
    const others = this.#of(alarm)
    if (!alarm.flaps) return others.length === 0 ? this.#tellBack(alarm, this.#now) : undefined
    if (others.some(([, { level }]) => level !== 'well')) return
    const now = this.#now
    clearTimeout(alarm.settling)
    alarm.settling = setTimeout(() => this.#tellBack(alarm, now), SETTLED_MS)
  }

  /** `now`: when the last one was well again. */
  #tellBack(alarm: Alarm, now: number): void {
    const ids = [...alarm.found.keys()]
    let failed: Known['failed'] | null = null
    for (const id of alarm.flaps ? ids : []) {
      const known = this.#services.get(id)
      if (known === undefined) continue
      if (failed === null || known.failed.times > failed.times) failed = known.failed
      known.failed = { times: 0, since: 0, last: 0 }
      known.alarm = null
    }
    const words = backWords(
      [...alarm.found.values()].map(({ name }) => name),
      alarm.wasDown,
      now - alarm.began,
      failed === null ? null : { times: failed.times, within: now - failed.since },
    )
    this.#end(alarm)
    this.#tell(alarm, 'back', ids, words)
  }

  /** Nobody wants to hear of one of its services any more; where it was the last one, the alarm ends. */
  #endPlanned(id: string, known: Known, why: string): void {
    const alarm = this.#alarms.get(known.alarm ?? '')
    known.alarm = null
    known.hushed = known.level !== 'well'
    if (alarm === undefined) return
    const ids = [...alarm.found.keys()]
    const name = alarm.found.get(id)?.name ?? id
    alarm.found.delete(id)
    if (this.#of(alarm).length > 0) return
    this.#end(alarm)
    this.#tell(alarm, 'planned', ids, plannedWords([name], why))
  }

  #of(alarm: Alarm): [string, Known][] {
    return [...this.#services].filter(([, known]) => known.alarm === alarm.id)
  }

  #end(alarm: Alarm): void {
    clearTimeout(alarm.settling)
    this.#alarms.delete(alarm.id)
  }

  #tell({ id, since }: Alarm, level: Alert['level'], services: string[], words: Words): void {
    this.#options.emit({ id, at: this.#options.wallTime(), level, services, since, ...words })
  }

  #whyUnwanted(id: string): string | null {
    return whyUnwanted(this.#options.config(), id, this.#options.wallTime())
  }

  get #now(): number {
    return this.#options.elapsed()
  }

  #nameOf(id: string): string {
    return this.#options.config().services.find((service) => service.id === id)?.name ?? id
  }
}
