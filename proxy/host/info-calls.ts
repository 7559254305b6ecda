import { hostname } from 'node:os'
import type { Handlers } from '../contract/api'
import type { Info, infoCalls as api } from '../contract/calls/info'
import type { Notices } from './notices'
import { namedNetworks, ownNetworks, reachableAddresses } from './own-addresses'

export type About = Pick<Info, 'version' | 'host' | 'dataDirectory' | 'configFile'>

/** What and where this AstroRelay is. `consoleOrigin` gives null where there is no console, `readOnly` why nothing can be saved. */
export function infoCalls(
  about: About,
  notices: Notices,
  consoleOrigin: () => string | null,
  readOnly: () => string | null,
): Handlers<typeof api> {
  return {
    info: () => ({
      ...about,
      platform: process.platform,
      machine: hostname(),
      addresses: reachableAddresses(),
      networks: ownNetworks(),
      interfaces: namedNetworks(),
      console: consoleOrigin(),
      readOnly: readOnly(),
      notices: [...notices.all],
    }),
  }
}
