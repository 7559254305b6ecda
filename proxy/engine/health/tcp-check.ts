import { elapsed } from '../../contract/clock'
import type { Service } from '../../contract/config/service'
import type { Dialer } from '../../outbound/dialer'
import { awaitGreeting, listenFirst, type SpeaksFirst, takeLeave } from '../../outbound/greeting'
import type { Backend } from '../backend/backend'

/** Programs that speak first do so at once; it is listened for so long, the first time. */
const LISTEN_MS = 300

/** What is known of what speaks on a backend's port; undefined: it was not listened to yet, null: it waits to be spoken to. */
export interface PortManners {
  speaks?: SpeaksFirst | null
}

/**
 * Whether the backend accepts a connection, and greets as expected, within the time-out; answers the reason where it does not.
 * It takes leave in the way of what is spoken there: TLS after a handshake, SSH and MySQL as their clients do.
 */
export function checkTcp(
  { speaker }: Backend,
  { health: { timeout, expect } }: Service,
  dialer: Dialer,
  manners: PortManners,
): Promise<string | null> {
  const began = elapsed()
  return new Promise((resolve) => {
    dialer.dial(speaker.target, { timeout, head: speaker.head(null), isCheck: true }, (error, socket) => {
      if (socket === null) return resolve(error?.message ?? null)
      const left = Math.max(1, timeout - (elapsed() - began))
      if (expect !== undefined) return awaitGreeting(socket, expect, left, resolve)
      resolve(null)
      // A web server waits to be spoken to, and one of TLS has been.
      if (speaker.url.scheme !== 'tcp' || manners.speaks === null) takeLeave(socket)
      else if (manners.speaks === undefined) listenFirst(socket, LISTEN_MS, (speaks) => (manners.speaks = speaks))
      else awaitGreeting(socket, manners.speaks, left, () => undefined)
    })
  })
}
