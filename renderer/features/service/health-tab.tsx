import { RefreshCw } from 'lucide-react'
import type { Service } from '../../../proxy/contract/config/service'
import { healthKind } from '../../../proxy/contract/health-kind'
import type { ServiceStatus } from '../../../proxy/contract/status'
import { asSentence, formatMs, formatNumberOf, formatSpan, NO_FIGURE } from '../../lib/format'
import { backendWords } from '../../lib/state-words'
import { useBackendActions } from '../../state/backend-actions'
import { useNow } from '../../state/clock'
import { navigate } from '../../state/route'
import { Button } from '../../ui/button'
import { StateText } from '../../ui/status-glyph'
import { Incidents } from './incidents'
import { useHealthHistory } from './use-health-history'

interface HealthTabProps {
  readonly service: Service
  readonly status: ServiceStatus | null
  readonly running: boolean
}

/** What is asked of each backend and how often, what came of the last time, and what went wrong lately. */
export function HealthTab({ service, status, running }: HealthTabProps) {
  const { id } = service
  const now = useNow()
  const { check } = useBackendActions()
  const known = running ? (status?.backends ?? []) : []
  const history = useHealthHistory(id, known.map((backend) => `${backend.state} ${backend.health}`).join())
  const watched = healthKind(service) !== 'off'
  return (
    <section className="health-tab" aria-label="Health checks">
      <div className="health-rule">
        <p>{ruleWords(service)}</p>
        <Button size="small" onPress={() => navigate({ screen: 'edit', id })}>
          Change
        </Button>
      </div>
      <table className="table backends-table">
        <thead>
          <tr>
            <th scope="col">Backend</th>
            <th scope="col">Result</th>
            <th scope="col" className="end">
              Last check
            </th>
            <th scope="col" className="end">
              Took
            </th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {service.backends.map(({ id: backend, url, state }) => {
            const found = known.find((other) => other.id === backend)
            const words = found === undefined ? null : backendWords(found, 'running')
            return (
              <tr key={backend} data-backend={backend}>
                <th scope="row">
                  <span className="strong">{backend}</span> <span className="small quiet wrap-anywhere">{url}</span>
                </th>
                <td>
                  {words ? <StateText state={words.glyph}>{words.text}</StateText> : <StateText state="off">Not running</StateText>}
                  {found !== undefined && found.reason !== null && (
                    <span className="small quiet backend-reason wrap-anywhere">{asSentence(found.reason)}</span>
                  )}
                </td>
                <td className="end">{found?.lastCheck ? `${formatSpan(now - found.lastCheck.at)} ago` : NO_FIGURE}</td>
                <td className="end">{found?.lastCheck ? formatMs(found.lastCheck.latency) : NO_FIGURE}</td>
                <td className="end">
                  {watched && state !== 'maintenance' && (
                    <Button
                      size="small"
                      icon={RefreshCw}
                      isDisabled={!running}
                      aria-label={`Check now: ${backend}`}
                      onPress={() => check(id, backend)}
                    >
                      Check now
                    </Button>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {history !== null && history.incidents.length === 0 && <p className="second">Nothing went wrong in the last 24 hours.</p>}
      <Incidents history={history} />
    </section>
  )
}

/** `AstroRelay asks for /status every 5 s and waits 2 s. A backend is out after 3 failed checks in a row, and back after 2 good ones.` */
const GREETINGS = { ssh: 'SSH', rdp: 'Remote Desktop', tls: 'TLS', mysql: 'MySQL' } as const

function ruleWords(service: Service): string {
  const { health, backends } = service
  const kind = healthKind(service)
  if (kind === 'off') return 'Backends are not checked: a failure is noticed only by visitors.'
  const asks =
    kind === 'http'
      ? `asks for ${health.path ?? '/'}, expects ${health.status}${health.body === undefined ? '' : ` and the text “${health.body}”`},`
      : health.expect === undefined
        ? 'opens a connection'
        : `opens a connection, expects a ${GREETINGS[health.expect]} greeting,`
  const only = backends.length === 1 ? ' It is the only one, so it is told of and never taken out.' : ''
  return `AstroRelay ${asks} every ${formatSpan(health.interval)} and waits ${formatMs(health.timeout)} at most. A backend is out after ${formatNumberOf(health.fall, 'failed check')} in a row and back after ${formatNumberOf(health.rise, 'good one')}.${only}`
}
