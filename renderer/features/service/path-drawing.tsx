import { Server, Users } from 'lucide-react'
import type { BackendStatus, ServiceStatus } from '../../../proxy/contract/status'
import { formatRate } from '../../lib/format'
import { isMachine } from '../../lib/machine-words'
import { Icon } from '../../ui/icon'

const ROW = 76
const NODE = 56
/** Where the lines begin and end, in px from the left. */
const X = { visitors: 132, hub: 198, beyond: 254, backends: 344 } as const
/** More than this would be a list, and the table below is one. */
const SHOWN = 4

type Way = 'down' | 'used' | 'standby'

/** The way of the requests while a backend is away: which one is cut, and where they go instead. */
export function PathDrawing({ service, live }: { readonly service: ServiceStatus; readonly live: boolean }) {
  const { backends } = service
  if (backends.length < 2 || backends.length > SHOWN) return null
  const isStream = isMachine(service)
  const height = backends.length * ROW
  const middle = height / 2
  const primaries = backends.some(({ role, health, state }) => role === 'primary' && state === 'active' && health !== 'down')
  const ways = backends.map((backend, row) => ({ backend, way: wayOf(backend, primaries), y: row * ROW + ROW / 2 }))

  return (
    <figure className="path-drawing" style={{ blockSize: height }} aria-label={`The way of the ${isStream ? 'connections' : 'requests'}`}>
      <svg viewBox={`0 0 ${X.backends} ${height}`} width={X.backends} height={height} aria-hidden="true">
        <path d={`M${X.visitors} ${middle}H${X.hub - 6}`} data-way="used" />
        <path d={`m${X.hub - 14} ${middle - 6} 8 6-8 6`} data-way="used" />
        {ways.map(({ backend, way, y }) => (
          <g key={backend.id} data-way={way}>
            <path
              d={`M${X.beyond} ${middle}C${X.beyond + 44} ${middle} ${X.beyond + 34} ${y} ${X.backends - (way === 'down' ? 2 : 6)} ${y}`}
            />
            {way === 'used' && <path d={`m${X.backends - 14} ${y - 6} 8 6-8 6`} />}
            {way === 'down' && <Cut x={(X.beyond + X.backends) / 2} y={(middle + y) / 2} />}
          </g>
        ))}
      </svg>
      <div className="path-node path-visitors" style={{ insetBlockStart: middle - NODE / 2 }}>
        <Icon of={Users} />
        <span>
          <span className="strong">Visitors</span>
          <span className="small quiet">
            {live ? `${formatRate(service.traffic.perSecond)} ${isStream ? 'conn/s' : 'req/s'}` : 'No figures'}
          </span>
        </span>
      </div>
      <div className="path-node path-hub" style={{ insetBlockStart: middle - NODE / 2 }}>
        <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M20.04 10.37A8.2 8.2 0 1 1 13.63 3.96" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" />
          <circle cx="12" cy="12" r="2.9" fill="currentColor" />
          <circle cx="17.8" cy="6.2" r="2.4" fill="currentColor" />
        </svg>
      </div>
      {ways.map(({ backend, way, y }) => (
        <div
          key={backend.id}
          className="path-node path-backend"
          data-way={way}
          data-stands-in={way === 'used' && backend.role === 'backup'}
          style={{ insetBlockStart: y - NODE / 2 }}
        >
          <Icon of={Server} />
          <span className="column">
            <span className="row">
              <span className="strong truncate">{backend.id}</span>
              <span className="role-tag" data-role={backend.role}>
                {backend.role === 'primary' ? 'Primary' : 'Backup'}
              </span>
            </span>
            <span className="small path-words">{way === 'used' && isStream ? 'Gets the connections' : WORDS[way]}</span>
          </span>
        </div>
      ))}
    </figure>
  )
}

const WORDS: Readonly<Record<Way, string>> = { down: 'Down, checked again and again', used: 'Gets the requests', standby: 'Standing by' }

function wayOf({ role, health, state }: BackendStatus, primaries: boolean): Way {
  if (state !== 'active') return 'standby'
  if (health === 'down') return 'down'
  return role === 'backup' && primaries ? 'standby' : 'used'
}

function Cut({ x, y }: { readonly x: number; readonly y: number }) {
  return (
    <g transform={`translate(${x - 7} ${y - 7})`} className="path-cut">
      <rect width="14" height="14" rx="3.5" />
      <path d="m4.6 4.6 4.8 4.8m0-4.8-4.8 4.8" />
    </g>
  )
}
