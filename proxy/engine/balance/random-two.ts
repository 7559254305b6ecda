import type { Candidate, Draw } from './candidate'

/** Draws two different backends by weight and takes the less loaded one: close to least connections, without herding. */
export function randomTwo<C extends Candidate>(candidates: readonly C[], { random }: Draw): C | undefined {
  const first = drawByWeight(candidates, random)
  const second = drawByWeight(
    candidates.filter((candidate) => candidate !== first),
    random,
  )
  if (first === undefined || second === undefined) return first
  return second.inFlight / second.weight < first.inFlight / first.weight ? second : first
}

function drawByWeight<C extends Candidate>(candidates: readonly C[], random: () => number): C | undefined {
  let rest = random() * candidates.reduce((sum, { weight }) => sum + weight, 0)
  return candidates.find(({ weight }) => (rest -= weight) < 0) ?? candidates.at(-1)
}
