import { type LimitName, LIMITS } from '../../../proxy/contract/limits'
import { formatNumberOf } from '../../lib/format'
import { useStatus } from '../../state/hooks'
import { SettingsSection } from './settings-section'

const WORDS: Readonly<Record<LimitName, string>> = {
  connections: 'A port had as many open connections as it may',
  connectionsPerClient: 'A visitor had as many open connections as it may',
  handshakes: 'Too many newcomers had not said what they want',
  handshakesPerClient: 'A visitor had too many silent connections',
  descriptors: 'No more files and connections could be opened',
  refusedConnections: 'Too many came whom nothing lets in',
  sessions: 'A UDP port had as many sessions as it may',
  sessionsPerClient: 'A visitor had as many UDP sessions as it may',
  proxyHeader: 'A connection did not begin with a PROXY header',
  headerBytes: 'A request’s head was too large',
  buffers: 'Too much waited in memory for slow visitors',
  autoBlock: 'A visitor was blocked by itself',
  rateLimit: 'A visitor asked too often',
  maxBody: 'An upload was too large',
  maxConnections: 'A backend had as many requests as it may',
  queueLength: 'The line for a backend was full',
  queueWait: 'A request waited too long for a backend',
  failedSignIns: 'A visitor gave too many wrong passwords',
  signInsAtOnce: 'Too many passwords came at once',
}

/** Where the one limit that is no setting of AstroRelay's can be raised. */
const OPEN_FILES = 'LimitNOFILE= of its systemd service, or ulimit -n'

/** How often each limit has struck since the gateway started, and which setting changes it. */
export function LimitHits() {
  const hits = useStatus(({ status }) => status?.limits)
  const struck = names().filter((name) => (hits?.[name] ?? 0) > 0)
  return (
    <SettingsSection
      title="Limits that were reached"
      text={struck.length === 0 ? 'None since the gateway started.' : 'Since the gateway started, with the setting that changes each.'}
    >
      {struck.length > 0 && (
        <dl className="settings-facts">
          {struck.map((name) => (
            <div key={name}>
              <dt>{formatNumberOf(hits?.[name] ?? 0, 'time', 'times')}</dt>
              <dd className="limit-hit">
                <span>{WORDS[name]}</span>
                <span className="second small mono">{name === 'descriptors' ? OPEN_FILES : (LIMITS[name] ?? 'no setting')}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </SettingsSection>
  )
}

function names(): LimitName[] {
  return Object.keys(LIMITS).filter((name): name is LimitName => Object.hasOwn(LIMITS, name))
}
