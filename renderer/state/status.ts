import { type Moment, present } from '../../proxy/contract/clock'
import type { ControlClient } from '../api/client'
import type { HealthEvent, Tick } from '../../proxy/contract/events'
import { listenersAfter, listenersAfterTick, servicesAfterHealth, servicesAfterTick } from '../../proxy/contract/merge-status'
import type { EngineState, ListenerStatus, Status } from '../../proxy/contract/status'
import { createStore, type Store } from './store'

/** What the gateway told last. */
export interface LiveStatus {
  /** Null until the first answer. */
  readonly status: Status | null
  /** Open client connections of all listeners. */
  readonly connections: number
  /** When the last live numbers came, by this machine's clocks; null before the first. */
  readonly heardAt: Moment | null
}

/** How often the status is asked for again when events overtake its answers. */
const TRIES = 5

/** Keeps the status: asked for once, then moved by events, asked for again when configuration, engine or connection change. */
export function startStatus(client: ControlClient, now: () => Moment = present): Store<LiveStatus> & { refresh(): Promise<void> } {
  const store = createStore<LiveStatus>({ status: null, connections: 0, heardAt: null })
  const move = (change: (live: LiveStatus) => LiveStatus): void => store.set(change(store.get()))
  let asked = 0
  let answered = 0
  let events = 0
  /** Ticks that came while an answer was on its way. */
  let overtook: Tick[] = []

  async function refresh(): Promise<void> {
    const mine = ++asked
    for (let tries = 1; ; tries++) {
      const before = events
      overtook = []
      const status = await client.call('status', {}).catch(() => null)
      // The answer to an older question must not overwrite a newer one.
      if (mine !== asked) return
      if (!status) {
        answered = mine
        return
      }
      // Nor may it what an event told that overtook it: a service would stay “Checking” that is down.
      if (events !== before && tries < TRIES) continue
      // Counts come again only where they have moved once more, so that those which overtook the answer are put in again.
      answered = mine
      return move((live) =>
        overtook.reduce<LiveStatus>((after, tick) => applyTick(after, tick, now()), {
          ...live,
          status,
          connections: sum(status.listeners),
          heardAt: now(),
        }),
      )
    }
  }

  client.on('tick', (tick) => {
    if (answered < asked) overtook.push(tick)
    move((live) => applyTick(live, tick, now()))
  })
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

/** Puts a second's numbers in. */
export function applyTick(live: LiveStatus, tick: Tick, heardAt: Moment): LiveStatus {
  if (!live.status) return { ...live, connections: tick.connections, heardAt }
  const services = servicesAfterTick(live.status.services, tick)
  const listeners = tick.listeners === undefined ? live.status.listeners : listenersAfterTick(live.status.listeners, tick)
  const limits = tick.limits === undefined ? {} : { limits: tick.limits }
  return { status: { ...live.status, at: tick.at, listeners, services, ...limits }, connections: tick.connections, heardAt }
}

/** Puts a backend's new health, or its folder's, and what that makes of its service, in. */
export function applyHealth(live: LiveStatus, event: HealthEvent): LiveStatus {
  return live.status ? { ...live, status: { ...live.status, services: servicesAfterHealth(live.status.services, event) } } : live
}

function applyListener(live: LiveStatus, listener: ListenerStatus): LiveStatus {
  return live.status ? { ...live, status: { ...live.status, listeners: listenersAfter(live.status.listeners, listener) } } : live
}

function applyEngine(live: LiveStatus, engine: EngineState): LiveStatus {
  return live.status ? { ...live, status: { ...live.status, engine } } : live
}

function sum(listeners: readonly ListenerStatus[]): number {
  return listeners.reduce((total, { connections }) => total + connections, 0)
}
