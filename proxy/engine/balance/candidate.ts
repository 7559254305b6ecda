import type { Address } from '../../contract/address'

/** What a policy may know of a backend. `turn` is round-robin's own memory and survives reloads with the backend. */
export interface Candidate {
  readonly key: string
  readonly weight: number
  readonly inFlight: number
  turn: number
}

/** What a policy may know of the request. */
export interface Draw {
  readonly client: Address | null
  /** A number from 0 up to but not including 1. */
  readonly random: () => number
}

/** Chooses one of the candidates, all of which are usable; undefined only where there are none. */
export type Policy = <C extends Candidate>(candidates: readonly C[], draw: Draw) => C | undefined

/** Gives the turn to one of the candidates by smooth weighted round-robin (nginx): 5/1/1 gives a a b a c a a. */
export function takeTurn<C extends Candidate>(candidates: readonly C[]): C | undefined {
  let best: C | undefined
  let total = 0
  for (const candidate of candidates) {
    candidate.turn += candidate.weight
    total += candidate.weight
    if (best === undefined || candidate.turn > best.turn) best = candidate
  }
  if (best) best.turn -= total
  return best
}
