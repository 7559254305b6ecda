import type { Address } from '../../contract/address'
import type { ConnectionLimits } from './connection-limits'
import type { OpenConnection, ReasonToEnd } from './port-socket'

/** The proxies that said in a PROXY header who the clients of these connections are. */
export class VouchedFor {
  private readonly by = new WeakMap<OpenConnection, Address>()
  private readonly limits: ConnectionLimits

  constructor(limits: ConnectionLimits) {
    this.limits = limits
  }

  add(connection: OpenConnection, proxy: Address): void {
    this.by.set(connection, proxy)
  }

  /** A client whom nobody vouches for any more goes, whoever it was said to be; others for the reason that there is. */
  andBy(why: ReasonToEnd): ReasonToEnd {
    return (connection) => {
      const proxy = this.by.get(connection)
      return proxy === undefined || this.limits.isTrusted(proxy) ? why(connection) : 'proxy'
    }
  }
}
