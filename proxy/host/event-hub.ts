import type { ControlEventName, ControlEvents } from '../contract/events'

type Listener<Name extends ControlEventName> = (payload: ControlEvents[Name]) => void
type Listeners = { readonly [Name in ControlEventName]: Set<Listener<Name>> }

/** Carries what happens to every client of the host. */
export class EventHub {
  readonly #listeners: Listeners = {
    access: new Set(),
    drained: new Set(),
    limit: new Set(),
    alert: new Set(),
    tick: new Set(),
    health: new Set(),
    listener: new Set(),
    engine: new Set(),
    config: new Set(),
    notice: new Set(),
    lockdown: new Set(),
  }

  /** Hears an event; returns what stops it. */
  on<Name extends ControlEventName>(name: Name, listener: Listener<Name>): () => void {
    const set: Set<Listener<Name>> = this.#listeners[name]
    set.add(listener)
    return () => void set.delete(listener)
  }

  emit<Name extends ControlEventName>(name: Name, payload: ControlEvents[Name]): void {
    const set: Set<Listener<Name>> = this.#listeners[name]
    for (const listener of set) listener(payload)
  }
}
