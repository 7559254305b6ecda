import type { ConfigDocument } from '../../contract/config/document'
import { canListen, nextFreePort } from '../doctor/port-probe'

/** A new store: one listener on every interface, on port 80 where it can be had, else 8080, else the next free one. */
export async function firstDocument(): Promise<ConfigDocument> {
  const address = (await canListen('::', 0)) === null ? '::' : '0.0.0.0'
  const port = (await canListen(address, 80)) === null ? 80 : ((await nextFreePort(address, 8080)) ?? 8080)
  return { version: 1, listeners: [{ id: 'web', address, port, protocol: 'http' }], services: [] }
}
