import type { RateLimit } from '../../contract/config/access'

import { Generations } from './generations'

/** So many clients are known in any case; those that are forgotten have been quiet longest, so that their buckets are the fullest. */
const CLIENTS = 20_000

interface Bucket {
  tokens: number
  /** Of `elapsed`. */
  at: number
}

/** How many requests each client has left: a bucket that fills evenly, and from which each request takes one. */
export class TokenBuckets {
  private readonly clients = new Generations<bigint, Bucket>(CLIENTS)
  private perMs = 0
  private burst = 0

  /** Takes over an edited limit; what clients have used up stays used. */
  update({ requests, per, burst = requests }: RateLimit): void {
    this.perMs = requests / per
    this.burst = burst
  }

  /** Takes one; 0, or how long the client has to wait for the next, in ms. */
  take(client: bigint, now: number): number {
    const bucket = this.clients.get(client) ?? this.admit(client, now)
    bucket.tokens = Math.min(this.burst, bucket.tokens + (now - bucket.at) * this.perMs)
    bucket.at = now
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / this.perMs)
    bucket.tokens -= 1
    return 0
  }

  private admit(client: bigint, now: number): Bucket {
    const bucket = { tokens: this.burst, at: now }
    this.clients.set(client, bucket)
    return bucket
  }
}
