import type { ControlClient } from '../api/client'

/** Where the search for a port of its own begins: the first above the gateway's second choice for its common listener. */
const FIRST = 8_081

/** The first port from 8081 up that a service could have for itself. */
export async function findOwnPort(client: ControlClient): Promise<number> {
  const verdict = await client.call('port.test', { port: FIRST })
  return verdict.free && !verdict.own ? FIRST : (verdict.suggestion ?? FIRST)
}
