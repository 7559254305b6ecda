import { takeTurn, type Candidate } from './candidate'

/** To the fewest running requests in proportion to weight, counted to the end of the body; ties in turn. */
export function leastConnections<C extends Candidate>(candidates: readonly C[]): C | undefined {
  const least = Math.min(...candidates.map(load))
  return takeTurn(candidates.filter((candidate) => load(candidate) === least))
}

function load(candidate: Candidate): number {
  return candidate.inFlight / candidate.weight
}
