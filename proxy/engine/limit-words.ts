import type { ErrorCode } from '../contract/errors'
import { type LimitName, LIMITS } from '../contract/limits'

/** The error that stands in the log where a limit has struck before there was a request. */
export function codeOf(limit: LimitName): ErrorCode {
  if (limit === 'proxyHeader') return 'AR_REFUSED'
  return limit === 'connections' ? 'AR_BUSY' : 'AR_RATE_LIMITED'
}

/** What people are told where a limit has struck that is everybody's. */
export function limitText(limit: LimitName): string {
  const setting = LIMITS[limit]
  const what =
    limit === 'sessions'
      ? 'A udp port has as many sessions as it may have; new ones end others.'
      : limit === 'connections'
        ? 'A port has as many connections open as it may have; more are closed at once.'
        : 'More passwords are sent than can be checked; some clients are told to come back.'
  return setting === null ? what : `${what} ${setting} says how many there may be.`
}
