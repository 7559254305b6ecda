import type { Service } from '../../contract/config/service'
import type { Dialer } from '../../outbound/dialer'
import { awaitGreeting } from '../../outbound/greeting'
import type { Backend } from '../backend/backend'

/** Whether the backend accepts a connection, and greets as expected, within the time-out; answers the reason where it does not. */
export function checkTcp({ speaker }: Backend, { health: { timeout, expect } }: Service, dialer: Dialer): Promise<string | null> {
  const began = performance.now()
  return new Promise((resolve) => {
    dialer.dial({ ...speaker.target, secure: false }, { timeout, head: speaker.head(null) }, (error, socket) => {
      if (socket === null || expect === undefined) {
        socket?.destroy()
        return resolve(error?.message ?? null)
      }
      const left = Math.max(1, timeout - (performance.now() - began))
      awaitGreeting(socket, expect, left, resolve)
    })
  })
}
