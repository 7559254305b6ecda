import type { Traffic } from '../../contract/status'
import { LatencyHistogram } from './histogram'

/** Running totals of one service. Requests add to it, the one-second tick reads it. */
export class ServiceCounters {
  requests = 0
  refused = 0
  failed = 0
  bytesIn = 0
  bytesOut = 0
  inFlight = 0
  readonly answers: [number, number, number, number, number] = [0, 0, 0, 0, 0]
  private latencies: LatencyHistogram | null = null
  private perSecond = 0
  private seenRequests = 0
  private told: readonly number[] = []

  answered(status: number): void {
    const hundreds = Math.min(Math.max(Math.floor(status / 100), 1), 5)
    switch (hundreds) {
      case 1:
        this.answers[0] += 1
        break
      case 2:
        this.answers[1] += 1
        break
      case 3:
        this.answers[2] += 1
        break
      case 4:
        this.answers[3] += 1
        break
      default:
        this.answers[4] += 1
    }
  }

  /** Time to the first byte of an answer, in ms. */
  latency(ms: number): void {
    this.latencies ??= new LatencyHistogram()
    this.latencies.add(ms)
  }

  /** A second (`seconds` of them, to be exact) has passed. */
  tick(seconds: number): void {
    this.perSecond = Math.round(((this.requests - this.seenRequests) / seconds) * 10) / 10
    this.seenRequests = this.requests
    this.latencies?.tick()
  }

  traffic(): Traffic {
    const { requests, answers, refused, failed, bytesIn, bytesOut, inFlight, perSecond } = this
    return {
      requests,
      answers: [...answers],
      refused,
      failed,
      bytesIn,
      bytesOut,
      inFlight,
      perSecond,
      latency: this.latencies?.percentiles() ?? null,
    }
  }

  /** The traffic, if it differs from what was told last. */
  news(): Traffic | null {
    const { requests, refused, failed, bytesIn, bytesOut, inFlight, perSecond } = this
    const state = [requests, refused, failed, bytesIn, bytesOut, inFlight, perSecond, this.latencies?.size ?? 0]
    const known = this.told.length > 0 || requests > 0
    if (!known || state.every((value, index) => value === this.told[index])) return null
    this.told = state
    return this.traffic()
  }
}
