import type { Moment } from '../../contract/clock'
import type { ReasonToEnd } from '../edge/port-socket'
import type { AccessGate } from '../gate/access-gate'
import type { Snapshot } from '../world/snapshot'
import type { Visit } from './visit'

const BLOCKED = 'its address is blocked'

/** What of a visit goes on: nothing any more or yet, a request that will end by itself, or bytes without end. */
export type Running = 'nothing' | 'request' | 'tunnel'

/**
 * Why a client's connection should end, going by its last or running visit: the gateway is closed to it, the rules as they are
 * now refuse what runs, or it is a tunnel of a service that is gone or switched off. What is no tunnel may end its request there
 * undisturbed.
 */
export function whyUnwelcome(visit: Visit, running: Running, snapshot: Snapshot, gate: AccessGate, now: Moment): string | null {
  const { clientAddress, service, signedIn } = visit
  if (gate.isBlocked(clientAddress, now)) return BLOCKED
  if (service === null) return null
  const current = snapshot.services.get(service.id)
  if (current === undefined) return running === 'tunnel' ? 'its service was deleted' : null
  if (!current.config.enabled) return running === 'tunnel' ? 'its service was switched off' : null
  // Who was refused already has lost nothing since, and its next request will be judged: cut now, one to another service would be lost.
  if (running === 'nothing' && visit.refusal !== null) return null
  const { access, basicAuth } = current.config
  if (access.mode === 'watch' || current.access.decide(clientAddress, now.at) === 'allow') return null
  const isRefused = access.satisfy === 'any' && basicAuth !== undefined ? running !== 'nothing' && !signedIn : true
  return isRefused ? 'the rules no longer let it in' : null
}

/** Which connections end as things are now, and why. `closed`: the gateway takes none at all. */
export function reasonToEnd(closed: boolean, gate: AccessGate, now: Moment): ReasonToEnd {
  if (closed) return () => 'everything was closed'
  return ({ pipeline: runner, peerAddress }) => {
    if (runner !== null) return runner.whyUnwelcome(now)
    return gate.isBlocked(peerAddress, now) ? BLOCKED : null
  }
}
