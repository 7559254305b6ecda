import type { EngineStatus } from '../../contract/status'
import type { PastState } from '../../contract/health-history'
import type { HealthEntry, HealthLog } from './health-log'

/** A silence of the host, which only a stop or a sleeping machine explains. */
const SILENCE_MS = 30_000

/** Writes down what has changed since it was last looked, for services and backends; a status is given every second or so. */
export class HealthRecorder {
  readonly #log: HealthLog
  readonly #known = new Map<string, PastState>()
  #last = 0

  constructor(log: HealthLog) {
    this.#log = log
  }

  look(status: EngineStatus, now: number): void {
    if (this.#last > 0 && now - this.#last > SILENCE_MS) this.stopped(this.#last)
    this.#last = now
    for (const service of status.services) {
      const serviceState: PastState =
        service.maintenance || (service.backends.length > 0 && service.backends.every(({ state }) => state !== 'active'))
          ? 'maintenance'
          : service.state === 'online'
            ? 'up'
            : service.state === 'off'
              ? 'maintenance'
              : service.state
      this.#note({ at: now, service: service.id, backend: null, state: serviceState, reason: service.reason })
      for (const backend of service.backends) {
        const state: PastState = backend.state !== 'active' ? 'maintenance' : backend.health === 'unwatched' ? 'up' : backend.health
        this.#note({ at: now, service: service.id, backend: backend.id, state, reason: backend.reason })
      }
    }
  }

  /** From here on nothing is known. */
  stopped(at: number): void {
    if (this.#known.size === 0) return
    this.#known.clear()
    this.#log.add({ at, service: null, backend: null, state: null, reason: null })
  }

  #note(entry: HealthEntry): void {
    const key = `${entry.service ?? ''} ${entry.backend ?? ''}`
    if (entry.state === null || this.#known.get(key) === entry.state) return
    this.#known.set(key, entry.state)
    this.#log.add(entry)
  }
}
