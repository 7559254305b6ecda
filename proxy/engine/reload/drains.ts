import type { Moment } from '../../contract/clock'
import type { EngineEvents } from '../../contract/events'
import type { World } from '../world/world'

/**
 * Tells of draining backends that have nothing left to do, once each: nothing runs on them, and no visitor may be kept on
 * them any more, or their time is over. What still runs then goes on to its end.
 */
export function tellDrained({ snapshot, backends }: World, now: Moment, tell: (event: EngineEvents['drained']) => void): void {
  for (const [service, each] of backends) {
    const config = snapshot.services.get(service)?.config
    if (config === undefined) continue
    for (const backend of each) {
      const { live } = backend
      const until = backend.drainUntil(config.timeouts.drain)
      if (until === null || live.drained) continue
      const isOver = now.elapsed >= until
      if (!isOver && (live.inFlight > 0 || config.balance.sticky !== undefined)) continue
      live.drained = true
      tell({
        at: now.at,
        service,
        backend: backend.config.id,
        reason:
          live.inFlight === 0
            ? 'nothing runs on it any more'
            : `its time is over; ${live.inFlight} ${live.inFlight === 1 ? 'request runs' : 'requests run'} to the end`,
      })
    }
  }
}
