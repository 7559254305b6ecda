import type { IncomingMessage } from 'node:http'
import type { Failure } from '../../contract/failure'
import { isLoopbackAuthority } from './loopback'

/**
 * Whether a request may be looked at: its Host has to be a name of the loopback, or a page whose name was made to point at
 * 127.0.0.1 could read answers (DNS rebinding). The port is anybody's: through `ssh -L 7071:127.0.0.1:7070` it is that of the
 * tunnel. Where a browser says from which page it comes, that page has to be of the very host and port that it asks.
 */
export function refuse(request: IncomingMessage): Failure | null {
  const { host, origin } = request.headers
  if (host === undefined || !isLoopbackAuthority(host.toLowerCase())) {
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
