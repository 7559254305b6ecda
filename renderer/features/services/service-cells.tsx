import { createContext, use } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import type { BackendStatus, EngineState } from '../../../proxy/contract/status'
import { isWebAddress } from '../../../proxy/contract/web-address'
import { describeAccess } from '../../lib/access-words'
import { formatBytes, formatCount, formatMs, formatRate, NO_FIGURE } from '../../lib/format'
import { backendWords, serviceWords } from '../../lib/state-words'
import { useConfig, useEngine, useServiceStatus } from '../../state/hooks'
import { useSession } from '../../state/session'
import { useStore } from '../../state/store'
import { accessIcon } from '../../ui/access-icon'
import { Icon } from '../../ui/icon'
import { OutsideLink } from '../../ui/link'
import { ServiceTile } from '../../ui/service-tile'
import { Sparkline } from '../../ui/sparkline'
import { StatusGlyph } from '../../ui/status-glyph'
import { isMachine, machineWords } from '../../lib/machine-words'
import { useByteRate } from './use-byte-rate'

/** Whether figures are fresh; otherwise a dash stands in their place. */
export const LiveFigures = createContext(true)

interface CellProps {
  readonly service: Service
}

export function NameCell({ service }: CellProps) {
  const status = useServiceStatus(service.id)
  const engine = useEngine()
  const words = serviceWords(status, service.enabled, engine?.state ?? null)
  const name = service.name ?? service.id
  const address = status?.addresses[0]
  return (
    <div className="service-name">
      <ServiceTile name={`${name} ${machineWords(service) ?? ''}`} type={service.type} state={{ glyph: words.glyph, label: words.text }} />
      <div className="column">
        <span className="strong truncate" title={name}>
          {name}
        </span>
        {address !== undefined && !isWebAddress(address) && (
          <span className="service-address truncate">{[address, machineWords(service)].filter(Boolean).join(', ')}</span>
        )}
        {address !== undefined && isWebAddress(address) && (
          <OutsideLink href={address} className="service-address truncate">
            {address}
          </OutsideLink>
        )}
      </div>
    </div>
  )
}

/** More backends than this are a number instead of a glyph each. */
const PIPS = 5

export function BackendsCell({ service }: CellProps) {
  const status = useServiceStatus(service.id)
  const engine = useEngine()?.state ?? null
  const backends = status?.backends ?? []
  const source = service.root ?? service.to
  if (source !== undefined && service.enabled) return <SourceCell source={source} service={service} />
  if (!service.enabled || backends.length === 0) {
    return (
      <div className="cell-row">
        <StatusGlyph state="off" size="small" />
        <span className="truncate">{service.enabled ? shortUrl(service.backends[0]?.url ?? '') : 'Switched off'}</span>
      </div>
    )
  }
  const troubled = engine === 'running' && (status?.state === 'down' || status?.state === 'attention')
  return (
    <div className="cell-backends">
      <div className="cell-row">
        {backends.length <= PIPS && (
          <span className="pips">
            {backends.map((backend) => (
              <StatusGlyph key={backend.id} state={backendWords(backend, engine).glyph} size="small" />
            ))}
          </span>
        )}
        <span className="truncate" title={backends.map(({ url }) => url).join('\n')}>
          {troubled && backends.length === 1 ? serviceWords(status, true, engine).text : sumUp(backends, engine)}
        </span>
      </div>
      {troubled && status.reason !== null && (
        <span className="cell-reason truncate" data-state={status.state} title={status.reason}>
          {status.reason}
        </span>
      )}
    </div>
  )
}

/** Where what a service without backends sends comes from: a folder, another address. */
function SourceCell({ source, service }: CellProps & { readonly source: string }) {
  const status = useServiceStatus(service.id)
  const engine = useEngine()?.state ?? null
  const words = serviceWords(status, true, engine)
  const reason = engine === 'running' ? (status?.reason ?? null) : null
  return (
    <div className="cell-backends">
      <div className="cell-row">
        <StatusGlyph state={words.glyph} size="small" />
        <span className="truncate" title={source}>
          {source}
        </span>
      </div>
      {reason !== null && (
        <span className="cell-reason truncate" data-state={status?.state} title={reason}>
          {reason}
        </span>
      )}
    </div>
  )
}

/** One backend by its address, several by how many are online. */
function sumUp(backends: readonly BackendStatus[], engine: EngineState['state'] | null): string {
  if (engine === 'stopped' || engine === 'failed') return 'Not running'
  const only = backends.length === 1 ? backends[0] : undefined
  if (only) return shortUrl(only.url)
  if (engine !== 'running') return `${backends.length} backends`
  const up = backends.filter(({ health, state }) => state === 'active' && (health === 'up' || health === 'unwatched')).length
  return up === backends.length ? `${up} online` : `${up} of ${backends.length} online`
}

function shortUrl(url: string): string {
  return url.replace(/^(?:http|tcp|udp):\/\//, '').replace(/\/$/, '')
}

export function AccessCell({ service }: CellProps) {
  const lists = useConfig()?.config.accessLists ?? []
  const { text, preset } = describeAccess(service.access, lists)
  return (
    <div className="cell-row second">
      <Icon of={accessIcon(preset)} size={14} />
      <span className="truncate" title={text}>
        {text}
      </span>
    </div>
  )
}

const NO_POINTS: readonly number[] = []

export function SparkCell({ service }: CellProps) {
  const points = useStore(useSession().traffic, (traffic) => traffic[service.id] ?? NO_POINTS)
  return <Sparkline points={points} label={`${service.name ?? service.id}, requests in the last 30 minutes`} />
}

export function NowCell({ service }: CellProps) {
  const traffic = useServiceStatus(service.id)?.traffic ?? null
  const live = use(LiveFigures)
  if (!service.enabled) return <span className="quiet">Off</span>
  if (!live || traffic === null) return <span className="quiet">{NO_FIGURE}</span>
  if (isMachine(service))
    return (
      <span className="figure">
        {formatCount(traffic.inFlight)} <span className="unit">open</span>
      </span>
    )
  return (
    <span className="figure">
      {formatRate(traffic.perSecond)} <span className="unit">req/s</span>
    </span>
  )
}

export function SpeedCell({ service }: CellProps) {
  return isMachine(service) ? <ByteRate service={service} /> : <Latency service={service} />
}

function Latency({ service }: CellProps) {
  const p95 = useServiceStatus(service.id)?.traffic.latency?.p95 ?? null
  const live = use(LiveFigures)
  return <span className="second">{live && service.enabled && p95 !== null ? formatMs(p95) : service.enabled ? NO_FIGURE : ''}</span>
}

/** What goes through a machine's port, both ways: connections that stay open have no answer whose time could be taken. */
function ByteRate({ service }: CellProps) {
  const rate = useByteRate(service.id)
  const live = use(LiveFigures)
  return (
    <span className="second">{live && service.enabled && rate !== null ? `${formatBytes(rate)}/s` : service.enabled ? NO_FIGURE : ''}</span>
  )
}
