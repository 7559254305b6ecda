import type { Latency } from '../../contract/status'

/** Seconds that percentiles look back. */
const SECONDS = 10
/** Buckets grow by 2^(1/8), about 9 %: from 0.05 ms to over an hour in this many. */
const BUCKETS = 208
const FIRST_MS = 0.05
const PER_DOUBLING = 8

/** Latencies of the last ten seconds in logarithmic buckets, one row of counters a second. */
export class LatencyHistogram {
  private readonly rows = Array.from({ length: SECONDS }, () => new Uint32Array(BUCKETS))
  private current = 0
  private count = 0

  /** How many measurements it holds. */
  get size(): number {
    return this.count
  }

  add(ms: number): void {
    const bucket = ms <= FIRST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log2(ms / FIRST_MS) * PER_DOUBLING))
    const row = this.rows[this.current]
    if (row === undefined) return
    row[bucket] = (row[bucket] ?? 0) + 1
    this.count += 1
  }

  /** A second has passed: forgets the oldest one. */
  tick(): void {
    this.current = (this.current + 1) % SECONDS
    const row = this.rows[this.current]
    if (row === undefined || this.count === 0) return
    this.count -= row.reduce((sum, value) => sum + value, 0)
    row.fill(0)
  }

  /** Percentiles in ms, to within a bucket's width; null where nothing was measured. */
  percentiles(): Latency | null {
    if (this.count === 0) return null
    const sums = new Uint32Array(BUCKETS)
    for (const row of this.rows) for (let index = 0; index < BUCKETS; index++) sums[index] = (sums[index] ?? 0) + (row[index] ?? 0)
    return { p50: this.at(sums, 0.5), p95: this.at(sums, 0.95), p99: this.at(sums, 0.99) }
  }

  private at(sums: Uint32Array, share: number): number {
    let left = Math.ceil(this.count * share)
    const bucket = sums.findIndex((value) => (left -= value) <= 0)
    const upper = FIRST_MS * 2 ** (Math.max(bucket, 0) / PER_DOUBLING)
    return Math.round(upper * 100) / 100
  }
}
