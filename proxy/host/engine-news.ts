import { elapsed } from '../contract/clock'
import type { Notice } from '../contract/events'
import type { EventHub } from './event-hub'
import type { LiveStatus } from './live-status'
import type { RunningEngine } from './running-engine'

/** A limit that goes on striking is everybody's news once in so long. */
const LIMIT_NOTICE_MS = 10 * 60_000

interface Ears {
  readonly hub: EventHub
  readonly live: LiveStatus
  readonly notify: (level: Notice['level'], title: string, text: string) => void
  readonly onClosed: () => Promise<void>
  readonly log: (line: string) => void
}

/** Tells everybody what an engine tells, while it is the one that serves. Known before it is told: whoever hears of it finds it in the status. */
export function relayEvents({ client }: RunningEngine, isCurrent: () => boolean, { hub, live, notify, onClosed, log }: Ears): void {
  /** When people were last told of a limit. */
  let limitTold = Number.NEGATIVE_INFINITY
  client.on('tick', (tick) => {
    if (!isCurrent()) return
    live.ticked(tick)
    hub.emit('tick', tick)
  })
  client.on('health', (health) => {
    if (!isCurrent()) return
    live.healthChanged(health)
    hub.emit('health', health)
  })
  client.on('listener', (listener) => {
    if (!isCurrent()) return
    live.listenerChanged(listener)
    hub.emit('listener', listener)
  })
  client.on('access', (event) => hub.emit('access', event))
  client.on('drained', (event) => isCurrent() && hub.emit('drained', event))
  client.on('closed', () => void onClosed().catch((error: unknown) => log(`close everything: ${String(error)}`)))
  client.on('said', ({ line }) => log(`engine: ${line}`))
  client.on('limit', (event) => {
    if (!isCurrent()) return
    hub.emit('limit', event)
    if (elapsed() - limitTold < LIMIT_NOTICE_MS) return
    limitTold = elapsed()
    notify('warning', 'The gateway turns clients away', event.text)
  })
}
