import type { Random } from './random'

/** Cuts bytes as a network may: not at all, at a few places, at line ends, or byte by byte where they are few. */
export function randomPieces(random: Random, bytes: Buffer): readonly Buffer[] {
  const cuts = new Set<number>()
  switch (random.below(4)) {
    case 0:
      break
    case 1:
      for (let n = 1 + random.below(5); n > 0; n--) cuts.add(random.below(bytes.length))
      break
    case 2:
      for (let at = 0; at < bytes.length; at++)
        if ((bytes[at] === 0x0d || bytes[at] === 0x0a) && random.oneIn(2)) cuts.add(at + random.below(2))
      break
    default:
      if (bytes.length <= 400) for (let at = 1; at < bytes.length; at++) cuts.add(at)
      else for (let at = 1; at < bytes.length; at += 1 + random.below(200)) cuts.add(at)
  }
  const places = [0, ...[...cuts].filter((at) => at > 0 && at < bytes.length).toSorted((a, b) => a - b), bytes.length]
  return places.slice(1).map((to, index) => bytes.subarray(places[index], to))
}
