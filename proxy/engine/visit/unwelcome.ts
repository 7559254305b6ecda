import type { AccessGate } from '../gate/access-gate'
import type { Snapshot } from '../world/snapshot'
import type { RequestContext } from './context'

/**
 * Whether a connection should end, going by its last or running request: the rules as they are now refuse its client, or
 * it is a tunnel of a service that is gone or switched off. What is no tunnel may end its request there undisturbed.
 */
export function isUnwelcome(context: RequestContext, snapshot: Snapshot, gate: AccessGate, now: number): boolean {
  const { clientAddress, service, observed, upgrade, signedIn } = context
  const running = !observed
  // A trusted proxy's connection carries many clients, one after the other.
  if (context.trustedPeer && !running) return false
  if (snapshot.blocked.find(clientAddress, now) !== -1 || gate.blocks.find(clientAddress, now) !== null) return true
  if (service === null) return false
  const current = snapshot.services.get(service.id)
  if (current === undefined || !current.config.enabled) return running && upgrade && context.status === 101
  const { access, basicAuth } = current.config
  if (access.mode === 'watch' || current.access.decide(clientAddress, now) === 'allow') return false
  return access.satisfy === 'any' && basicAuth !== undefined ? running && !signedIn : true
}
