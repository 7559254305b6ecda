import type { ControlApi } from '../../proxy/contract/control-api'
import type { controlEvents } from '../../proxy/contract/events'
import type { RpcClient } from '../../proxy/contract/rpc/client'

/** `signed-out`: the host answers but wants a fresh sign-in link. */
export type Connection = 'live' | 'lost' | 'signed-out'

/** The control API as the interface uses it, whichever way it travels. Failed calls reject with a CallError. */
export interface ControlClient extends RpcClient<ControlApi, typeof controlEvents> {
  /** Hears whether the host can be heard, at once and on every change; returns what stops it. */
  onConnection(listener: (connection: Connection) => void): () => void
}
