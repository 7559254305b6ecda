import type { HealthEvent, Tick } from '../contract/events'
import { listenersAfter, listenersAfterTick, servicesAfterHealth, servicesAfterTick } from '../contract/merge-status'
import type { EngineStatus, ListenerStatus } from '../contract/status'

type Change = (status: EngineStatus) => EngineStatus

/**
 * What the engine knows, kept in the host: asked for once after a start or a load, moved by events from then on. Calls, history,
 * alerts, tray and metrics read it here; an engine with a thousand backends is not asked for all of them by each.
 */
export class LiveStatus {
  #known: EngineStatus | null = null
  /** For each question that is out: what was heard since. */
  readonly #heardSince = new Set<Change[]>()

  /** Null before the first answer of an engine. */
  get known(): EngineStatus | null {
    return this.#known
  }

  /** Takes the answer of `ask`; what was heard while it was on its way is put in again, since it may be newer. */
  async learn(ask: () => Promise<EngineStatus>): Promise<EngineStatus> {
    const heard: Change[] = []
    this.#heardSince.add(heard)
    try {
      const answer = await ask()
      const status = heard.reduce((before, change) => change(before), answer)
      // An engine that ended meanwhile has left nothing to know.
      if (this.#heardSince.has(heard)) this.#known = status
      return status
    } finally {
      this.#heardSince.delete(heard)
    }
  }

  /** The engine is gone, and with it all that was known of it. */
  forget(): void {
    this.#known = null
    this.#heardSince.clear()
  }

  ticked(tick: Tick): void {
    this.#change((status) => ({
      ...status,
      listeners: tick.listeners === undefined ? status.listeners : listenersAfterTick(status.listeners, tick),
      services: servicesAfterTick(status.services, tick),
      ...(tick.busy === undefined ? {} : { busy: tick.busy }),
      ...(tick.limits === undefined ? {} : { limits: tick.limits }),
      ...(tick.endings === undefined ? {} : { endings: tick.endings }),
    }))
  }

  healthChanged(event: HealthEvent): void {
    this.#change((status) => ({ ...status, services: servicesAfterHealth(status.services, event) }))
  }

  listenerChanged(listener: ListenerStatus): void {
    this.#change((status) => ({ ...status, listeners: listenersAfter(status.listeners, listener) }))
  }

  #change(change: Change): void {
    for (const heard of this.#heardSince) heard.push(change)
    if (this.#known !== null) this.#known = change(this.#known)
  }
}
