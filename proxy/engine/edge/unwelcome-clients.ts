import { ENDINGS, type EndingName } from '../../contract/endings'
import type { OpenConnection, ReasonToEnd } from './port-socket'

/** A client's connection that can be broken off. */
interface Endable extends OpenConnection {
  cut(reason: string): void
}

/** Ends each for which there is a reason; gives the reasons. */
export function endThose(connections: Iterable<Endable>, why: ReasonToEnd): EndingName[] {
  const ended: EndingName[] = []
  for (const connection of connections) {
    const ending = why(connection)
    if (ending === null) continue
    connection.cut(ENDINGS[ending])
    ended.push(ending)
  }
  return ended
}

/** How many there is a reason to end. */
export function countThose(connections: Iterable<OpenConnection>, why: ReasonToEnd): number {
  let count = 0
  for (const connection of connections) if (why(connection) !== null) count += 1
  return count
}
