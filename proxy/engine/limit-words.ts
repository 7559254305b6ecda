import type { ErrorCode } from '../contract/errors'
import { type LimitName, LIMITS } from '../contract/limits'

/** The limit that is no setting of AstroRelay's. */
const RAISE_OPEN_FILES = 'Let it have more: LimitNOFILE= of its systemd service, or ulimit -n before it is started.'

/** The error that stands in the log where a limit has struck before there was a request. */
export function codeOf(limit: LimitName): ErrorCode {
  if (limit === 'proxyHeader' || limit === 'refusedConnections') return 'AR_REFUSED'
  return limit === 'connections' || limit === 'handshakes' || limit === 'descriptors' ? 'AR_BUSY' : 'AR_RATE_LIMITED'
}

const WIDE_WORDS: Readonly<Partial<Record<LimitName, string>>> = {
  sessions: 'A udp port has as many sessions as it may have; new ones end others.',
  connections: 'A port has as many connections open as it may have; more are closed at once.',
  handshakes: 'As many connections as may do so have not said yet what they want; new ones end the longest silent.',
  buffers:
    'As much waits in memory as may wait there for clients and backends that do not take what they are sent; who sends it to them is held back sooner.',
  descriptors: `AstroRelay has as many connections and files open as the system lets it have; what rests is closed, and new connections too. ${RAISE_OPEN_FILES}`,
}

/** What people are told where a limit has struck that is everybody's. */
export function limitText(limit: LimitName): string {
  const setting = LIMITS[limit]
  const what = WIDE_WORDS[limit] ?? 'More passwords are sent than can be checked; some clients are told to come back.'
  return setting === null ? what : `${what} ${setting} says how ${limit === 'buffers' ? 'much' : 'many'} there may be.`
}
