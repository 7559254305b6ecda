import { setImmediate as turn } from 'node:timers/promises'

/**
 * Every way a network may cut a message that has broken a proxy so far: whole; in two at every byte; in three at every pair
 * of line ends, before, between and behind the CR and LF of each; byte by byte. The first fault found from outside was a head
 * in three pieces, which a test that cuts once never sees.
 */
export function* segmentations(message: string): Generator<readonly string[]> {
  yield [message]
  for (let at = 1; at < message.length; at++) yield [message.slice(0, at), message.slice(at)]
  const ends = [...lineEnds(message)]
  for (const first of ends) {
    for (const second of ends) if (first < second) yield [message.slice(0, first), message.slice(first, second), message.slice(second)]
  }
  yield Array.from(message)
}

/** Places before, between and behind each CR and LF, and one byte into the line behind. */
function lineEnds(message: string): ReadonlySet<number> {
  const places = new Set<number>()
  for (let at = 0; at < message.length; at++) {
    if (message[at] !== '\r' && message[at] !== '\n') continue
    for (const place of [at, at + 1, at + 2]) if (place > 0 && place < message.length) places.add(place)
  }
  return places
}

/** Writes the pieces so that each is read by itself: between two of them the other end, in this process, has had its turn. */
export async function writePieces(
  socket: { write(text: string, encoding: 'latin1'): unknown; readonly destroyed: boolean },
  pieces: readonly string[],
): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await turn()
    if (socket.destroyed) return
    socket.write(piece, 'latin1')
  }
}
