import type { Attempt, LockdownChoice, Proof, ProofState, ServiceLockdown } from '../../../../proxy/contract/lockdown-api'

export function attempt(
  what: Attempt['what'],
  fits: boolean,
  name: string = what,
  outcome = fits ? 'answered 403' : 'answered 200',
): Attempt {
  return { what, name, outcome, fits }
}

export function proofOf(state: ProofState, attempts: readonly Attempt[] = [], text = `It is ${state}.`): Proof {
  return { state, at: 1_000, text, attempts: [...attempts] }
}

/** A service with a backend `app-1`, `app-2` … for each proof. */
export function lockedBy(methods: readonly LockdownChoice[], ...proofs: readonly (Proof | null)[]): ServiceLockdown {
  return {
    id: 'portal',
    name: 'Client portal',
    methods: [...methods],
    header: methods.includes('secret') ? 'X-AstroRelay-Key' : null,
    proxyProtocol: methods.includes('proxy') ? 'v2' : 'off',
    rotating: false,
    backends: proofs.map((proof, at) => ({ id: `app-${at + 1}`, url: `http://192.168.1.3${at + 1}:8080`, proof })),
  }
}
