import type { Service } from '../../../proxy/contract/config/service'
import type { BackendStatus, EngineState } from '../../../proxy/contract/status'
import { asSentence, formatCount, formatMs, formatShare, formatSpan, NO_FIGURE } from '../../lib/format'
import { backendWords } from '../../lib/state-words'
import { useNow } from '../../state/clock'
import { StateText } from '../../ui/status-glyph'

interface BackendsTableProps {
  readonly backends: Service['backends']
  /** Nobody watches the backends of a service that is switched off. */
  readonly enabled: boolean
  /** What the running gateway knows of them; empty until it tells, and while it does not run. */
  readonly known: readonly BackendStatus[]
  readonly engine: EngineState['state'] | null
  readonly live: boolean
}

/** Every backend with its health, its part of the work and what failed. */
export function BackendsTable({ backends, enabled, known, engine, live }: BackendsTableProps) {
  const all = known.reduce((sum, { requests }) => sum + requests, 0)
  const standby = known.some(({ role, health }) => role === 'primary' && health !== 'down')
  return (
    <table className="table backends-table">
      <thead>
        <tr>
          <th scope="col">Backend</th>
          <th scope="col">State</th>
          <th scope="col" className="drop-first">Last check</th>
          <th scope="col" className="end">Requests</th>
          <th scope="col" className="end drop-second">Share</th>
          <th scope="col" className="end">Open</th>
          <th scope="col" className="end drop-second">Failed</th>
        </tr>
      </thead>
      <tbody>
        {backends.map(({ id, url, role }) => {
          const backend = known.find((other) => other.id === id)
          return (
            <tr key={id}>
              <th scope="row">
                <span className="row">
                  <span className="strong truncate">{id}</span>
                  <span className="role-tag" data-role={role}>{role === 'primary' ? 'Primary' : 'Backup'}</span>
                </span>
                <span className="small quiet wrap-anywhere">{url}</span>
              </th>
              <td>{!enabled ? <StateText state="off">Switched off</StateText> : backend ? <Health backend={backend} /> : <StateText state={engine === 'running' ? 'checking' : 'off'}>{engine === 'running' ? 'Checking' : 'Not running'}</StateText>}</td>
              <td className="drop-first">{backend ? <LastCheck backend={backend} live={live} /> : NO_FIGURE}</td>
              <td className="end">{backend ? formatCount(backend.requests) : NO_FIGURE}</td>
              <td className="end drop-second">{role === 'backup' && standby && !backend?.requests ? <span className="quiet">Standby</span> : backend ? formatShare(backend.requests, all) : NO_FIGURE}</td>
              <td className="end">{backend && live ? formatCount(backend.inFlight) : NO_FIGURE}</td>
              <td className="end drop-second" data-some={backend !== undefined && backend.failed > 0}>{backend ? formatCount(backend.failed) : NO_FIGURE}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Health({ backend }: { readonly backend: BackendStatus }) {
  const now = useNow()
  const { glyph, text } = backendWords(backend.health, 'running')
  const since = formatSpan(now - backend.since)
  return (
    <>
      <StateText state={glyph}>{backend.health === 'down' ? `${text} ${since}` : text}</StateText>
      {backend.reason !== null && <span className="small quiet wrap-anywhere backend-reason">{asSentence(backend.reason)}</span>}
      {backend.reason === null && backend.health === 'up' && <span className="small quiet backend-reason">for {since}</span>}
    </>
  )
}

function LastCheck({ backend: { lastCheck, health }, live }: { readonly backend: BackendStatus; readonly live: boolean }) {
  const now = useNow()
  if (health === 'unwatched') return <span className="quiet">Not watched</span>
  if (!lastCheck || !live) return <>{NO_FIGURE}</>
  return (
    <>
      {formatSpan(now - lastCheck.at)} ago
      <span className="small quiet backend-reason">{formatMs(lastCheck.latency)}</span>
    </>
  )
}
