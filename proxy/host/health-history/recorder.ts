import type { EngineStatus } from '../../contract/status'
import type { PastState } from '../../contract/health-history'
import type { HealthLog } from './health-log'

/** A silence of the engine, which only a stop or a sleeping machine explains; or so much of a jump of the clock, either way. */
const SILENCE_MS = 30_000

type LiveService = EngineStatus['services'][number]

interface Known {
  state: PastState
  readonly backends: Map<string, PastState>
}

/** Writes down what has changed of services and backends since it last looked at them. */
export class HealthRecorder {
  readonly #log: HealthLog
  readonly #known = new Map<string, Known>()
  #last = 0

  constructor(log: HealthLog) {
    this.#log = log
  }

  /**
   * Comes every second or so, with epoch ms; false where it was missed for so long, or the clock was set back so far, that
   * everything has to be looked at again.
   */
  alive(now: number): boolean {
    const wasAlive = this.#last > 0 && Math.abs(now - this.#last) <= SILENCE_MS
    if (this.#last > 0 && !wasAlive) this.stopped(Math.min(this.#last, now))
    this.#last = now
    return wasAlive
  }

  /** Everything there is; what is not among it is gone. */
  look(services: readonly LiveService[], now: number): void {
    for (const service of services) this.note(service, now)
    if (this.#known.size === services.length) return
    const ids = new Set(services.map(({ id }) => id))
    for (const [id, { backends }] of this.#known) {
      if (ids.has(id)) continue
      for (const backend of [...backends.keys(), null]) this.#log.add({ at: now, service: id, backend, state: null, reason: null })
      this.#known.delete(id)
    }
  }

  /** One service, with its backends. */
  note(service: LiveService, now: number): void {
    const { id } = service
    const state = stateOf(service)
    const known = this.#known.get(id) ?? { state: null, backends: new Map<string, PastState>() }
    if (known.state !== state) this.#log.add({ at: now, service: id, backend: null, state, reason: service.reason })
    this.#known.set(id, { ...known, state })
    for (const backend of service.backends) {
      const its: PastState = backend.state !== 'active' ? 'maintenance' : backend.health === 'unwatched' ? 'up' : backend.health
      if (known.backends.get(backend.id) === its) continue
      known.backends.set(backend.id, its)
      this.#log.add({ at: now, service: id, backend: backend.id, state: its, reason: backend.reason })
    }
    if (known.backends.size === service.backends.length) return
    for (const backend of known.backends.keys()) {
      if (service.backends.some((one) => one.id === backend)) continue
      known.backends.delete(backend)
      this.#log.add({ at: now, service: id, backend, state: null, reason: null })
    }
  }

  /** From here on nothing is known. */
  stopped(at: number): void {
    if (this.#known.size === 0) return
    this.#known.clear()
    this.#log.add({ at, service: null, backend: null, state: null, reason: null })
  }
}

function stateOf({ maintenance, backends, state }: LiveService): PastState {
  if (maintenance || (backends.length > 0 && backends.every((backend) => backend.state !== 'active'))) return 'maintenance'
  if (state === 'online') return 'up'
  return state === 'off' ? 'maintenance' : state
}
