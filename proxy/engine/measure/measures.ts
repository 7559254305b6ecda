import { EndingTotals } from './ending-totals'
import { LimitHits } from './limit-hits'
import { RequestRing } from './request-ring'
import { ServiceCounters } from './service-counters'

/** All that is counted, by service id, across reloads. */
export class Measures {
  readonly ring = new RequestRing()
  readonly limits = new LimitHits()
  readonly endings = new EndingTotals()
  private readonly services = new Map<string, ServiceCounters>()

  service(id: string): ServiceCounters {
    const known = this.services.get(id)
    if (known) return known
    const counters = new ServiceCounters()
    this.services.set(id, counters)
    return counters
  }

  /** Forgets services that are gone and have nothing running. */
  keep(ids: ReadonlySet<string>): void {
    for (const [id, counters] of this.services) if (!ids.has(id) && counters.inFlight === 0) this.services.delete(id)
  }

  entries(): IterableIterator<[string, ServiceCounters]> {
    return this.services.entries()
  }
}
