import { createContext, use } from 'react'
import type { Info } from '../../proxy/contract/calls/info'
import type { Notice } from '../../proxy/contract/events'
import type { Issue } from '../../proxy/contract/issue'
import type { Connection, ControlClient } from '../api/client'
import { type ConfigStore, startConfig } from './config'
import { startNotices } from './notices'
import { type LiveStatus, startStatus } from './status'
import { asSentence, formatNumberOf } from '../lib/format'
import { showToast } from '../ui/toast'
import { createStore, type Store } from './store'
import { type RecentTraffic, startTraffic } from './traffic'
import { createUndoStack, type UndoStack } from './undo'

/** Everything that is known through one client. */
export interface Session {
  readonly client: ControlClient
  readonly connection: Store<Connection>
  /** `refresh`: for who has just changed something and shows what came of it. */
  readonly status: Store<LiveStatus> & { refresh(): Promise<void> }
  readonly config: ConfigStore
  readonly traffic: Store<RecentTraffic>
  readonly info: Store<Info | null>
  /** Notices that came while this window was open, oldest first. */
  readonly notices: Store<readonly Notice[]>
  readonly undo: UndoStack
}

/** Starts keeping what the client tells. */
export function startSession(client: ControlClient): Session {
  const connection = createStore<Connection>('live')
  const undo = createUndoStack()
  const info = createStore<Info | null>(null)
  client.onConnection((next) => {
    connection.set(next)
    if (next === 'live') void client.call('info', {}).then(info.set, () => undefined)
  })
  client.on(
    'config',
    ({ ended }) =>
      void (
        ended > 0 &&
        showToast({
          tone: 'warn',
          text: `${formatNumberOf(ended, 'open connection')} ${ended === 1 ? 'was' : 'were'} ended, refused by the new rules.`,
        })
      ),
  )
  client.on('alert', ({ level, title, text }) =>
    showToast({ tone: level === 'down' ? 'down' : level === 'attention' ? 'warn' : 'ok', text: title, detail: text, stays: true }),
  )
  return {
    client,
    connection,
    undo,
    info,
    notices: startNotices(client),
    status: startStatus(client),
    config: startConfig(client, undo, tellSecretMade),
    traffic: startTraffic(client),
  }
}

export const SessionContext = createContext<Session | null>(null)

/** The session of this page. */
export function useSession(): Session {
  const session = use(SessionContext)
  if (!session) throw new Error('This component is drawn outside a session.')
  return session
}

/** Backends refuse the gateway until they know its new secret: whoever saved has to hear of that. */
function tellSecretMade({ message }: Issue): void {
  showToast({ tone: 'warn', text: 'A service has a new secret', detail: asSentence(message) })
}
