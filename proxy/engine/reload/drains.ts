import type { EngineEvents } from '../../contract/events'
import type { World } from '../world/world'

/**
 * Tells of draining backends that have nothing left to do, once each: nothing runs on them, and no visitor may be kept on
 * them any more, or their time is over. What still runs then goes on to its end.
 */
export function tellDrained({ snapshot, backends }: World, now: number, tell: (event: EngineEvents['drained']) => void): void {
  for (const [service, each] of backends) {
    const config = snapshot.services.get(service)?.config
    if (config === undefined) continue
    for (const backend of each) {
      const until = backend.drainUntil(config.timeouts.drain)
      if (until === null || backend.drained) continue
      const isOver = now >= until
      if (!isOver && (backend.inFlight > 0 || config.balance.sticky !== undefined)) continue
      backend.drained = true
      tell({
        at: now,
        service,
        backend: backend.config.id,
        reason:
          backend.inFlight === 0
            ? 'nothing runs on it any more'
            : `its time is over; ${backend.inFlight} ${backend.inFlight === 1 ? 'request runs' : 'requests run'} to the end`,
      })
    }
  }
}
