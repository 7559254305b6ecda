import { ArrowLeftRight, Ellipsis, Play } from 'lucide-react'
import type { KeyboardEvent, MouseEvent } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import type { HealthHistory } from '../../../proxy/contract/health-history'
import type { BackendStatus, EngineState } from '../../../proxy/contract/status'
import { asSentence, formatCount, formatMs, formatNumberOf, formatShare, formatSpan, NO_FIGURE } from '../../lib/format'
import { isMachine } from '../../lib/machine-words'
import { backendWords, runningWords } from '../../lib/state-words'
import { useNow } from '../../state/clock'
import { Button } from '../../ui/button'
import { IconButton } from '../../ui/icon-button'
import { Menu } from '../../ui/menu'
import { StateText } from '../../ui/status-glyph'
import type { LockdownParts } from './lockdown-parts'
import { UptimeBar } from './uptime-bar'
import type { BackendMenu } from './use-backend-menu'

interface BackendsTableProps {
  readonly service: Service
  /** What the running gateway knows of them; empty until it tells, and while it does not run. */
  readonly known: readonly BackendStatus[]
  readonly engine: EngineState['state'] | null
  readonly live: boolean
  readonly history: HealthHistory | null
  readonly menu: BackendMenu
  readonly RowMark: LockdownParts['RowMark']
}

/** Every backend with its health and its past, its part of the work, what failed, and what can be done to it. */
export function BackendsTable({ service, known, engine, live, history, menu, RowMark }: BackendsTableProps) {
  const all = known.reduce((sum, { requests }) => sum + requests, 0)
  const standby = known.some(({ role, health, state }) => role === 'primary' && state === 'active' && health !== 'down')
  return (
    <table className="table backends-table">
      <thead>
        <tr>
          <th scope="col">Backend</th>
          <th scope="col">State</th>
          <th scope="col" className="drop-first">
            Last 24 hours
          </th>
          <th scope="col" className="end drop-second">
            {isMachine(service) ? 'Connections' : 'Requests'}
          </th>
          <th scope="col" className="end">
            Open
          </th>
          <th scope="col" className="end drop-third">
            Failed
          </th>
          <th scope="col" className="end drop-second">
            Speed
          </th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {service.backends.map(({ id, url, role, state }) => {
          const backend = known.find((other) => other.id === id)
          return (
            <tr key={id} data-backend={id} tabIndex={-1} onClick={chooseRow} onKeyDown={moveRow}>
              <th scope="row">
                <span className="row">
                  <span className="strong truncate" title={id}>
                    {id}
                  </span>
                  <span className="role-tag" data-role={role}>
                    {role === 'primary' ? 'Primary' : 'Backup'}
                  </span>
                </span>
                <span className="small quiet wrap-anywhere">{url}</span>
                <RowMark service={service} backend={backend} />
              </th>
              <td>
                <State service={service} backend={backend} engine={engine} />
              </td>
              <td className="drop-first">
                <UptimeBar backend={id} history={history} />
              </td>
              <td className="end drop-second">
                {role === 'backup' && standby && !backend?.requests ? (
                  <span className="quiet">Standby</span>
                ) : backend ? (
                  <Share part={backend.requests} all={all} />
                ) : (
                  NO_FIGURE
                )}
              </td>
              <td className="end">{backend && live ? formatCount(backend.inFlight) : NO_FIGURE}</td>
              <td className="end drop-third" data-some={backend !== undefined && backend.failed > 0}>
                {backend ? formatCount(backend.failed) : NO_FIGURE}
              </td>
              <td className="end drop-second">{backend && live && backend.latency !== null ? formatMs(backend.latency) : NO_FIGURE}</td>
              <td className="end">
                <span className="backend-acts">
                  {state === 'active' ? (
                    <Button size="small" icon={ArrowLeftRight} aria-label={`Swap ${id}`} onPress={() => menu.ask('swap', id)}>
                      Swap
                    </Button>
                  ) : (
                    <Button
                      size="small"
                      icon={Play}
                      aria-label={`Put back ${id}`}
                      onPress={() => menu.actions.setState(service.id, id, state, 'active')}
                    >
                      Put back
                    </Button>
                  )}
                  <Menu label={`More for ${id}`} entries={menu.entriesOf(id)}>
                    <IconButton icon={Ellipsis} label={`More for ${id}`} size="small" />
                  </Menu>
                </span>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** A click beside the row's buttons chooses it for the keys. */
function chooseRow(event: MouseEvent<HTMLTableRowElement>): void {
  if (event.target instanceof Element && event.target.closest('button, a, [role=slider]') === null) event.currentTarget.focus()
}

function moveRow(event: KeyboardEvent<HTMLTableRowElement>): void {
  const row =
    event.key === 'ArrowDown'
      ? event.currentTarget.nextElementSibling
      : event.key === 'ArrowUp'
        ? event.currentTarget.previousElementSibling
        : null
  if (!(row instanceof HTMLElement)) return
  event.preventDefault()
  row.focus()
}

/** As a figure and, beneath, as a bar: an uneven share is seen before it is read. */
function Share({ part, all }: { readonly part: number; readonly all: number }) {
  return (
    <span className="share">
      {formatCount(part)} <span className="quiet">{formatShare(part, all)}</span>
      <span className="share-bar" aria-hidden="true">
        <i style={{ inlineSize: `${all === 0 ? 0 : (part / all) * 100}%` }} />
      </span>
    </span>
  )
}

function State({
  service,
  backend,
  engine,
}: {
  readonly service: Service
  readonly backend: BackendStatus | undefined
  readonly engine: EngineState['state'] | null
}) {
  if (!service.enabled) return <StateText state="off">Switched off</StateText>
  if (backend) return <Known backend={backend} one={isMachine(service) ? 'connection' : 'request'} />
  return <StateText state={engine === 'running' ? 'checking' : 'off'}>{engine === 'running' ? 'Checking' : 'Not running'}</StateText>
}

function Known({ backend, one }: { readonly backend: BackendStatus; readonly one: 'request' | 'connection' }) {
  const now = useNow()
  const { glyph, text } = backendWords(backend, 'running')
  return (
    <>
      <StateText state={glyph}>{glyph === 'down' ? `${text} ${formatSpan(now - backend.since)}` : text}</StateText>
      <span className="small quiet wrap-anywhere backend-reason">{below(backend, now, one)}</span>
    </>
  )
}

/** Why, for how long, or what comes next. */
function below(
  { state, health, reason, since, drain, inFlight, tunnels }: BackendStatus,
  now: number,
  one: 'request' | 'connection',
): string {
  if (state === 'maintenance') return `No ${one}s, no checks`
  if (state === 'draining') {
    const left = drain === null || drain.until <= now ? 'its time is over' : `${formatSpan(drain.until - now)} to go at most`
    return `${one === 'connection' ? `${formatNumberOf(inFlight, one)} still open` : runningWords(inFlight - tunnels, tunnels)}; ${left}`
  }
  if (reason !== null) return asSentence(reason)
  return health === 'up' ? `for ${formatSpan(now - since)}` : ''
}
