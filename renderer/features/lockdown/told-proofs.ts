import type { LockdownOverview, Proof } from '../../../proxy/contract/lockdown-api'
import { formatNumberOf } from '../../lib/format'
import { type LockState, lockWords } from './lock-words'

/**
 * The overview with what *Verify* told this window. The gateway keeps "locked" of a backend that is away now; whoever
 * pressed Verify has to see that it did not answer. A proof that the gateway dropped holds no longer.
 */
export function withTold(overview: LockdownOverview, told: ReadonlyMap<string, Proof>): LockdownOverview {
  const services = overview.services.map((service) => ({
    ...service,
    backends: service.backends.map((backend) => {
      const newer = told.get(`${service.id}/${backend.id}`)
      return newer !== undefined && backend.proof !== null && newer.at > backend.proof.at ? { ...backend, proof: newer } : backend
    }),
  }))
  return { ...overview, services }
}

const COUNTED: readonly LockState[] = ['locked', 'open', 'broken', 'unproven', 'unreachable']

/** `4 backends verified: 2 locked, 1 open, 1 not proven`. */
export function tally(proofs: readonly Pick<Proof, 'state'>[]): string {
  const parts = COUNTED.flatMap((state) => {
    const count = proofs.filter((proof) => proof.state === state).length
    return count === 0 ? [] : [`${count} ${lockWords(state).text.toLowerCase()}`]
  })
  return `${formatNumberOf(proofs.length, 'backend')} verified: ${parts.join(', ')}`
}
