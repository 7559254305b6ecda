import type { AccessGate } from '../gate/access-gate'
import type { Snapshot } from '../world/snapshot'
import type { Visit } from './visit'

/** What of a visit goes on: nothing any more, a request that will end by itself, or bytes without end. */
export type Running = 'nothing' | 'request' | 'tunnel'

/**
 * Whether a client's connection should end, going by its last or running visit: the rules as they are now refuse the client,
 * or it is a tunnel of a service that is gone or switched off. What is no tunnel may end its request there undisturbed.
 */
export function isUnwelcome(visit: Visit, running: Running, snapshot: Snapshot, gate: AccessGate, now: number): boolean {
  const { clientAddress, service, signedIn } = visit
  if (gate.isBlocked(clientAddress, now)) return true
  if (service === null) return false
  const current = snapshot.services.get(service.id)
  if (current === undefined || !current.config.enabled) return running === 'tunnel'
  const { access, basicAuth } = current.config
  if (access.mode === 'watch' || current.access.decide(clientAddress, now) === 'allow') return false
  return access.satisfy === 'any' && basicAuth !== undefined ? running !== 'nothing' && !signedIn : true
}
