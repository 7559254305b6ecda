import type { Series } from '../../contract/calls/traffic'
import type { Tick } from '../../contract/events'

const STEP_MS = 10_000
/** One hour. */
const BUCKETS = 360
const RECENT_MINUTES = 30

/** One service's last hour: a ring of ten-second buckets, about 9 KB. */
class Ring {
  /** Which bucket of time a slot holds: epoch ms / step. */
  readonly slots = new Float64Array(BUCKETS)
  readonly requests = new Float32Array(BUCKETS)
  readonly failed = new Float32Array(BUCKETS)
  readonly p50 = new Float32Array(BUCKETS)
  readonly p95 = new Float32Array(BUCKETS)
  readonly p99 = new Float32Array(BUCKETS)
  /** Totals of the engine at the last tick; they start again with every engine. */
  lastRequests: number | null = null
  lastFailed = 0

  slot(bucket: number): number {
    const at = bucket % BUCKETS
    if (this.slots[at] !== bucket) {
      this.slots[at] = bucket
      this.requests[at] = 0
      this.failed[at] = 0
      this.p50[at] = Number.NaN
      this.p95[at] = Number.NaN
      this.p99[at] = Number.NaN
    }
    return at
  }
}

/** Traffic of the last hour for each service, from the engine's ticks. */
export class TrafficHistory {
  readonly #rings = new Map<string, Ring>()
  /** Buckets in which the gateway ran; others are gaps, not zeroes. */
  readonly #alive = new Float64Array(BUCKETS)

  add(tick: Tick): void {
    const bucket = Math.floor(tick.at / STEP_MS)
    this.#alive[bucket % BUCKETS] = bucket
    for (const { id, traffic } of tick.services) {
      const ring = this.#rings.get(id) ?? new Ring()
      this.#rings.set(id, ring)
      const at = ring.slot(bucket)
      // Totals that fell are those of a new engine, or of a service made anew: all of them are new.
      const again = ring.lastRequests === null || traffic.requests < ring.lastRequests
      ring.requests[at] = (ring.requests[at] ?? 0) + traffic.requests - (again ? 0 : (ring.lastRequests ?? 0))
      ring.failed[at] = (ring.failed[at] ?? 0) + traffic.failed - (again ? 0 : ring.lastFailed)
      ring.lastRequests = traffic.requests
      ring.lastFailed = traffic.failed
      if (!traffic.latency) continue
      ring.p50[at] = traffic.latency.p50
      ring.p95[at] = traffic.latency.p95
      ring.p99[at] = traffic.latency.p99
    }
  }

  /** Forgets services that are no more. */
  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#rings.keys()) if (!ids.has(id)) this.#rings.delete(id)
  }

  /** Requests per second, one number a minute, oldest first. */
  recent(ids: readonly string[], now: number): Record<string, number[]> {
    const perMinute = 60_000 / STEP_MS
    const newest = Math.floor(now / STEP_MS)
    return Object.fromEntries(
      ids.map((id) => {
        const ring = this.#rings.get(id)
        const minutes = Array.from({ length: RECENT_MINUTES }, (_, index) => {
          let sum = 0
          for (let step = 0; step < perMinute; step++) {
            const bucket = newest - (RECENT_MINUTES - index) * perMinute + 1 + step
            if (ring && ring.slots[bucket % BUCKETS] === bucket) sum += ring.requests[bucket % BUCKETS] ?? 0
          }
          return rounded(sum / 60)
        })
        return [id, minutes]
      }),
    )
  }

  /** One service's buckets of the last minutes, oldest first; a time in which the gateway did not run has none. */
  series(id: string, minutes: number, now: number): Series {
    const ring = this.#rings.get(id)
    const newest = Math.floor(now / STEP_MS)
    const points: Series['points'] = []
    for (let bucket = newest - (minutes * 60_000) / STEP_MS + 1; bucket <= newest; bucket++) {
      const at = bucket % BUCKETS
      if (this.#alive[at] !== bucket) continue
      const there = ring?.slots[at] === bucket
      const seconds = Math.max(1, bucket === newest ? (now % STEP_MS) / 1_000 : STEP_MS / 1_000)
      points.push({
        at: bucket * STEP_MS,
        perSecond: there ? rounded((ring.requests[at] ?? 0) / seconds) : 0,
        failedPerSecond: there ? rounded((ring.failed[at] ?? 0) / seconds) : 0,
        p50: there ? known(ring.p50[at]) : null,
        p95: there ? known(ring.p95[at]) : null,
        p99: there ? known(ring.p99[at]) : null,
      })
    }
    return { step: STEP_MS, points }
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : rounded(value)
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
