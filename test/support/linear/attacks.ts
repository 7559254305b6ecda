import type { Random } from '../fuzz/random'
import type { Piece } from './pattern'

/** What breaks off most of what came before it. */
const BREAKERS = ['', '', '!', '\n', '\u2028', '"', ' ', 'x', '\u0000', '<', '0']

/**
 * A text that an expression may have a hard time with: the beginning of what it takes, then one of its next pieces again and
 * again, then something that may not follow.
 */
export function attack(options: readonly (readonly Piece[])[], random: Random, length: number): string {
  const way = walk(options, random)
  const cut = random.below(way.length + 1)
  const prefix = way
    .slice(0, cut)
    .map((piece) => sample(piece, random))
    .join('')
  const near = way.slice(Math.max(0, cut - 1), cut + 2)
  const pumped = near.length === 0 || random.oneIn(8) ? way : near
  const pump =
    random.oneIn(4) && prefix !== ''
      ? prefix
      : pumped.length === 0
        ? ' '
        : Array.from({ length: 1 + random.below(3) }, () => sample(random.pick(pumped), random)).join('')
  const more = random.oneIn(3)
    ? way
        .slice(cut + 1, cut + 3)
        .map((piece) => sample(piece, random))
        .join('')
    : ''
  return prefix + pump.repeat(Math.ceil(length / Math.max(1, pump.length))) + more + random.pick(BREAKERS)
}

/** The pieces along one way through an expression, groups opened at times. */
function walk(options: readonly (readonly Piece[])[], random: Random): Piece[] {
  const option = options.length === 0 ? [] : random.pick(options)
  return option.flatMap((piece) => (piece.kind === 'group' && !random.oneIn(4) ? walk(piece.options, random) : [piece]))
}

function sample(piece: Piece, random: Random): string {
  if (piece.kind === 'group')
    return walk(piece.options, random)
      .map((inner) => sample(inner, random))
      .join('')
  if (piece.members.length === 0) return ''
  // Blanks are what two pieces next to each other most often both take.
  return piece.members.includes(' ') && random.oneIn(3) ? ' ' : random.pick(piece.members)
}
