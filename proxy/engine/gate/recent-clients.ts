import type { Address } from '../../contract/address'
import { clientKey } from '../access/client-key'

const HOUR_MS = 3_600_000
/** Of all services together; beyond it the ones seen longest ago are forgotten. */
const MAX_CLIENTS = 10_000

export interface RecentClient {
  readonly service: string
  /** The one it came from last: an IPv6 client has many, and counts once. */
  address: string
  requests: number
  /** Epoch ms. */
  lastSeen: number
}

/** Who was let in to which service during the last hour. */
export class RecentClients {
  private readonly clients = new Map<string, RecentClient>()

  /** Counts a request; `before` is what the last request of the same connection was counted under, which nearly always is the same. */
  saw(service: string, client: Address | null, address: string, now: number, before: RecentClient | null): RecentClient {
    if (before !== null && before.service === service && before.address === address) {
      before.requests += 1
      before.lastSeen = now
      return before
    }
    const key = `${service} ${client === null ? address : clientKey(client)}`
    const known = this.clients.get(key) ?? { service, address, requests: 0, lastSeen: now }
    // The last in a map's order is the last seen on a new connection: close enough to forget the first ones.
    this.clients.delete(key)
    if (this.clients.size >= MAX_CLIENTS) this.forgetOldest(now)
    this.clients.set(key, known)
    known.address = address
    known.requests += 1
    known.lastSeen = now
    return known
  }

  /** Those of the last hour. */
  list(now: number): RecentClient[] {
    return [...this.clients.values()].filter(({ lastSeen }) => now - lastSeen < HOUR_MS)
  }

  private forgetOldest(now: number): void {
    for (const [key, { lastSeen }] of this.clients) if (now - lastSeen >= HOUR_MS) this.clients.delete(key)
    for (const key of this.clients.keys()) {
      if (this.clients.size < MAX_CLIENTS) return
      this.clients.delete(key)
    }
  }
}
