import type { Address } from '../../contract/address'
import { dateOf } from '../../contract/clock'
import { clientKey } from '../access/client-key'
import { Generations } from './generations'

const HOUR_MS = 3_600_000
/** So many are known in any case, of all services together; twice as many at most. */
const CLIENTS = 5_000

/** One whose connection goes on is looked up again after so long. */
const NOTE_MS = 10_000

export interface RecentClient {
  readonly service: string
  /** The one it came from last: an IPv6 client has many, and counts once. */
  address: string
  requests: number
  /** Of `elapsed`. */
  lastSeen: number
  /** When it was last looked up, in epoch ms: one connection that goes on for long must not be forgotten for others. */
  noted: number
}

/** Who was let in to which service during the last hour. */
export class RecentClients {
  private readonly clients: Generations<string, RecentClient>

  constructor(clients = CLIENTS) {
    this.clients = new Generations(clients)
  }

  /** Counts a request; `before` is what the last request of the same connection was counted under, which nearly always is the same. `now` of `elapsed`. */
  saw(service: string, client: Address | null, address: string, now: number, before: RecentClient | null): RecentClient {
    if (before !== null && before.service === service && before.address === address && now - before.noted < NOTE_MS) {
      before.requests += 1
      before.lastSeen = now
      return before
    }
    const key = `${service} ${client === null ? address : clientKey(client)}`
    const known = this.clients.get(key) ?? (before?.service === service && before.address === address ? before : null)
    const one = known ?? { service, address, requests: 0, lastSeen: now, noted: now }
    this.clients.set(key, one)
    one.address = address
    one.noted = now
    one.requests += 1
    one.lastSeen = now
    return one
  }

  /** Those of the last hour, with the date they were seen last in epoch ms. */
  list(now: number): RecentClient[] {
    return [...this.clients.entries()]
      .map(([, client]) => client)
      .filter(({ lastSeen }) => now - lastSeen < HOUR_MS)
      .map((client) => ({ ...client, lastSeen: dateOf(client.lastSeen) }))
  }
}
