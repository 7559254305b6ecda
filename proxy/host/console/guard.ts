import type { IncomingMessage } from 'node:http'
import type { Failure } from '../../contract/failure'

/**
 * Whether a request may be looked at: its Host has to be the console's own, or a page whose name was made to point at
 * 127.0.0.1 could read answers (DNS rebinding), and where a browser says from which page it comes, that page has to be
 * the console's own too.
 */
export function refuse(request: IncomingMessage, hosts: ReadonlySet<string>): Failure | null {
  const { host, origin } = request.headers
  if (host === undefined || !hosts.has(host.toLowerCase())) {
    return { code: 'AR_FORBIDDEN', message: 'This is the console of AstroRelay; open it by the address that AstroRelay prints.' }
  }
  if (origin !== undefined && origin !== `http://${host.toLowerCase()}`) {
    return { code: 'AR_FORBIDDEN', message: 'Pages of other sites may not use the console.' }
  }
  if (request.headers['sec-fetch-site'] === 'cross-site' && request.headers['sec-fetch-mode'] !== 'navigate') {
    return { code: 'AR_FORBIDDEN', message: 'Pages of other sites may not use the console.' }
  }
  return null
}
