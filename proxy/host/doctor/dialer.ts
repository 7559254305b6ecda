import type { LookupAddress } from 'node:dns'
import { Dialer } from '../../outbound/dialer'

/**
 * Dials as the gateway does, to these addresses of a host: what was found out about them before is about whoever is asked. The
 * host tells loops by the configuration's own rule, before anybody is dialled.
 */
export function dialerTo(addresses: readonly LookupAddress[]): Dialer {
  return new Dialer({
    isOwnListener: () => false,
    lookup: (host, options, done) => {
      const [first] = addresses
      if (options.all === true) done(null, [...addresses])
      else if (first === undefined) done(Object.assign(new Error(`name not found: ${host}`), { code: 'ENOTFOUND' }), '')
      else done(null, first.address, first.family)
    },
  })
}
