import type { ConfigDocument } from '../../proxy/contract/config/document'
import { DEFAULTS } from '../../proxy/contract/config/facts'
import type { ControlClient } from '../api/client'

/** Where the search for a port of its own begins: the first above the gateway's second choice for its common listener. */
const FIRST = 8_081
/** Asked one after another before giving up; a machine on which all of these are taken has other problems. */
const TRIES = 20

/** The first port from 8081 up that a service could have for itself. */
export async function findOwnPort(client: ControlClient, document: ConfigDocument, transport: 'tcp' | 'udp' = 'tcp'): Promise<number> {
  return (await findFreePort(client, document, FIRST, DEFAULTS.listener.address, transport)) ?? FIRST
}

/** Where to look for a stand-in of a port: 8080 for 80, 8443 for 443, else the next one. */
export function standIn(port: number): number {
  return port < 1_024 ? port + 8_000 : port + 1
}

/** The first port from `from` up that no listener has and that can be opened now; null where the search was in vain. */
export async function findFreePort(
  client: ControlClient,
  document: ConfigDocument,
  from: number,
  address = DEFAULTS.listener.address,
  transport: 'tcp' | 'udp' = 'tcp',
): Promise<number | null> {
  const named = new Set(document.listeners?.map(({ port }) => port))
  let port = from
  for (let tries = 0; tries < TRIES; tries++) {
    while (named.has(port)) port++
    const verdict = await client.call('port.test', { address, port, transport })
    if (verdict.free) return port
    port = verdict.suggestion !== null && verdict.suggestion > port ? verdict.suggestion : port + 1
  }
  return null
}
