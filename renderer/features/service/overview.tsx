import { Plus } from 'lucide-react'
import type { Service } from '../../../proxy/contract/config/service'
import type { EngineState, ServiceStatus } from '../../../proxy/contract/status'
import { isMachine } from '../../lib/machine-words'
import { navigate } from '../../state/route'
import { Button } from '../../ui/button'
import { Link } from '../../ui/link'
import { AnswerMix } from './answer-mix'
import { BackendDialogs } from './backend-dialogs'
import { BackendsTable } from './backends-table'
import { FailureBanner } from './failure-banner'
import { Incidents } from './incidents'
import type { LockdownParts } from './lockdown-parts'
import { PathDrawing } from './path-drawing'
import { SourceFacts } from './source-facts'
import { SwapStrips } from './swap-strip'
import { TrafficCharts } from './traffic-charts'
import { useBackendMenu } from './use-backend-menu'
import { useHealthHistory } from './use-health-history'

interface OverviewProps {
  readonly service: Service
  readonly status: ServiceStatus | null
  readonly engine: EngineState['state'] | null
  readonly live: boolean
  readonly minutes: number
  readonly asTable: boolean
  readonly RowMark: LockdownParts['RowMark']
}

const SHARING: Readonly<Record<Exclude<Service['balance']['policy'], 'client-ip'>, string>> = {
  'round-robin': 'take turns',
  'least-connections': 'go to the one with the fewest open',
  'random-two': 'go to the better of two',
}

function sharingWords({ type, balance: { policy } }: Service): string {
  return policy === 'client-ip'
    ? 'Each visitor stays on one backend'
    : `${isMachine({ type }) ? 'Connections' : 'Requests'} ${SHARING[policy]}`
}

/** Traffic, speed, answers and backends of a service, and what is wrong with it. */
export function Overview({ service, status, engine, live, minutes, asTable, RowMark }: OverviewProps) {
  const isStream = isMachine(service)
  const edit = { screen: 'edit', id: service.id } as const
  // What a stopped gateway counted last was of another run.
  const running = engine === 'running'
  const known = running ? (status?.backends ?? []) : []
  const menu = useBackendMenu(service, known)
  const history = useHealthHistory(service.id, known.map(({ state, health }) => `${state} ${health}`).join())
  const quiet = running && status !== null && status.traffic.requests === 0 && status.state === 'online'
  return (
    <>
      {running && status && <FailureBanner service={service} status={status} />}
      {running && status && status.backends.some(({ health, state }) => state === 'active' && health === 'down') && (
        <PathDrawing service={status} live={live} />
      )}
      <div className="overview">
        <div className="overview-top">
          <TrafficCharts id={service.id} service={status} live={live} minutes={minutes} asTable={asTable} isStream={isStream} />
          <AnswerMix traffic={running ? (status?.traffic ?? null) : null} live={live} isStream={isStream} />
        </div>
        {quiet && (
          <p className="overview-quiet">
            {isStream ? 'Nobody has connected yet.' : 'No requests yet. Open the address to send the first one.'}
          </p>
        )}
        {service.backends.length === 0 ? (
          <SourceFacts service={service} status={status} />
        ) : (
          <>
            <div className="overview-head">
              <h2>Backends</h2>
              {service.backends.length > 1 && (
                <span className="small quiet">
                  {sharingWords(service)}{' '}
                  <Link to={edit} className="link small">
                    Change
                  </Link>
                </span>
              )}
              <span className="push" />
              <Button size="small" icon={Plus} onPress={() => navigate(edit)}>
                Add backend
              </Button>
            </div>
            <SwapStrips service={service} known={known} actions={menu.actions} />
            <BackendsTable service={service} known={known} engine={engine} live={live} history={history} menu={menu} RowMark={RowMark} />
          </>
        )}
        <Incidents history={history} />
      </div>
      <BackendDialogs service={service} menu={menu} />
    </>
  )
}
