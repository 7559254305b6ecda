import type { ControlClient } from '../api/client'
import type { HealthEvent, Tick } from '../../proxy/contract/events'
import type { EngineState, ListenerStatus, ServiceStatus, Status } from '../../proxy/contract/status'
import { createStore, type Store } from './store'

/** What the gateway told last. */
export interface LiveStatus {
  /** Null until the first answer. */
  readonly status: Status | null
  /** Open client connections of all listeners. */
  readonly connections: number
  /** When the last live numbers came, by this machine's clock; null before the first. */
  readonly heardAt: number | null
}

/** How often the status is asked for again when events overtake its answers. */
const TRIES = 5

/** Keeps the status: asked for once, then moved by events, asked for again when configuration, engine or connection change. */
export function startStatus(client: ControlClient, now: () => number = Date.now): Store<LiveStatus> & { refresh(): Promise<void> } {
  const store = createStore<LiveStatus>({ status: null, connections: 0, heardAt: null })
  const move = (change: (live: LiveStatus) => LiveStatus): void => store.set(change(store.get()))
  let asked = 0
  let events = 0

  async function refresh(): Promise<void> {
    const mine = ++asked
    for (let tries = 1; ; tries++) {
      const before = events
      const status = await client.call('status', {}).catch(() => null)
      // The answer to an older question must not overwrite a newer one.
      if (!status || mine !== asked) return
      // Nor may it what an event told that overtook it: a service would stay “Checking” that is down.
      if (events !== before && tries < TRIES) continue
      return move((live) => ({ ...live, status, connections: sum(status.listeners), heardAt: now() }))
    }
  }

  client.on('tick', (tick) => move((live) => applyTick(live, tick, now())))
  client.on('health', (event) => {
    events++
    move((live) => applyHealth(live, event))
  })
  client.on('listener', (listener) => {
    events++
    move((live) => applyListener(live, listener))
  })
  client.on('engine', (engine) => {
    move((live) => applyEngine(live, engine))
    void refresh()
  })
  client.on('config', () => void refresh())
  client.on('lockdown', () => void refresh())
  client.onConnection((connection) => void (connection === 'live' ? refresh() : undefined))
  return { ...store, refresh }
}

/** Puts a second's numbers in. Services that are not named had nothing to tell: their rate is nought. */
export function applyTick(live: LiveStatus, tick: Tick, heardAt: number): LiveStatus {
  if (!live.status) return { ...live, connections: tick.connections, heardAt }
  const told = new Map(tick.services.map(({ id, traffic }) => [id, traffic]))
  const services = live.status.services.map((service): ServiceStatus => {
    const traffic = told.get(service.id)
    if (traffic) return { ...service, traffic }
    return service.traffic.perSecond === 0 ? service : { ...service, traffic: { ...service.traffic, perSecond: 0 } }
  })
  return { status: { ...live.status, at: tick.at, services }, connections: tick.connections, heardAt }
}

/** Puts a backend's new health, or its folder's, and what that makes of its service, in. */
export function applyHealth(live: LiveStatus, event: HealthEvent): LiveStatus {
  if (!live.status) return live
  const services = live.status.services.map((service) => {
    if (service.id !== event.service) return service
    const { backend: told } = event
    // What was proven of its lock-down is the host's knowledge, which the engine's event does not bring.
    const backends = service.backends.map((backend) =>
      told !== null && backend.id === told.id
        ? { ...told, ...(backend.lockdown === undefined ? {} : { lockdown: backend.lockdown }) }
        : backend,
    )
    return { ...service, state: event.state, reason: event.reason, onBackup: event.onBackup, backends }
  })
  return { ...live, status: { ...live.status, services } }
}

function applyListener(live: LiveStatus, listener: ListenerStatus): LiveStatus {
  if (!live.status) return live
  const listeners = live.status.listeners.map((known) => (known.id === listener.id ? listener : known))
  return { ...live, status: { ...live.status, listeners } }
}

function applyEngine(live: LiveStatus, engine: EngineState): LiveStatus {
  return live.status ? { ...live, status: { ...live.status, engine } } : live
}

function sum(listeners: readonly ListenerStatus[]): number {
  return listeners.reduce((total, { connections }) => total + connections, 0)
}
