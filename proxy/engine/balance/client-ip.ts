import type { Candidate, Draw } from './candidate'

/**
 * The same backend for the same client, by weighted rendezvous hashing (Thaler and Ravishankar 1998): when a backend
 * leaves, only its own clients move. IPv6 counts by /64, since privacy addresses (RFC 8981) change within it.
 */
export function clientIp<C extends Candidate>(candidates: readonly C[], { client }: Draw): C | undefined {
  const key = client === null ? '' : String(client.family === 6 ? client.value >> 64n : client.value)
  let best: C | undefined
  let bestScore = Number.NEGATIVE_INFINITY
  for (const candidate of candidates) {
    const score = -candidate.weight / Math.log(unit(`${key} ${candidate.key}`))
    if (score > bestScore) [best, bestScore] = [candidate, score]
  }
  return best
}

/** A number strictly between 0 and 1 of a text: FNV-1a, then the finaliser of MurmurHash3 to spread near-equal texts. */
function unit(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32
}
