import type { Notice } from '../../proxy/contract/events'
import type { ControlClient } from '../api/client'
import { createStore, type Store } from './store'

/** As many as the host keeps for clients that come later: a window may be open for months. */
const KEPT = 50

/** Notices that came while this window was open, oldest first. */
export function startNotices(client: Pick<ControlClient, 'on'>): Store<readonly Notice[]> {
  const store = createStore<readonly Notice[]>([])
  client.on('notice', (notice) => store.set([...store.get(), notice].slice(-KEPT)))
  return store
}
