import { takeTurn, type Candidate } from './candidate'

/** In turn, by weight, evenly spread: N requests to k equal backends are N/k each, never several in a row by weight alone. */
export function roundRobin<C extends Candidate>(candidates: readonly C[]): C | undefined {
  return takeTurn(candidates)
}
