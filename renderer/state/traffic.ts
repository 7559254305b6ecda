import type { ControlClient } from '../api/client'
import { createStore, type Store } from './store'

/** Requests per second of each service, one number a minute, oldest first. */
export type RecentTraffic = Readonly<Record<string, readonly number[]>>

const MINUTE = 60_000

/** Keeps the last 30 minutes: asked for at once and every minute while the page can be seen. */
export function startTraffic(client: ControlClient): Store<RecentTraffic> & { refresh(): Promise<void> } {
  const store = createStore<RecentTraffic>({})

  async function refresh(): Promise<void> {
    const answer = await client.call('traffic.recent', {}).catch(() => null)
    if (answer) store.set(answer.services)
  }

  client.onConnection((connection) => void (connection === 'live' ? refresh() : undefined))
  client.on('config', () => void refresh())
  window.setInterval(() => void (document.hidden ? undefined : refresh()), MINUTE)
  return { ...store, refresh }
}
