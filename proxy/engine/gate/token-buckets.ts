import type { RateLimit } from '../../contract/config/access'

/** Beyond so many clients those that have been quiet longest are forgotten: their buckets are the fullest. */
const MAX_CLIENTS = 20_000

interface Bucket {
  tokens: number
  /** Of a clock that never jumps, in ms. */
  at: number
}

/** How many requests each client has left: a bucket that fills evenly, and from which each request takes one. */
export class TokenBuckets {
  private readonly clients = new Map<bigint, Bucket>()
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
    if (this.clients.size >= MAX_CLIENTS) this.forgetFull(now)
    const bucket = { tokens: this.burst, at: now }
    this.clients.set(client, bucket)
    return bucket
  }

  /** Forgets buckets that are full again, which are as good as new; if that is not enough, the oldest. */
  private forgetFull(now: number): void {
    for (const [client, { tokens, at }] of this.clients) if (tokens + (now - at) * this.perMs >= this.burst) this.clients.delete(client)
    for (const client of this.clients.keys()) {
      if (this.clients.size < MAX_CLIENTS) return
      this.clients.delete(client)
    }
  }
}
