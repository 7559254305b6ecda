import { type HealthHistory, uptimeOf } from '../../../proxy/contract/health-history'
import { formatShare, NO_FIGURE } from '../../lib/format'
import { segmentsOf } from '../../lib/uptime'

const SEGMENTS = 90
/** Height in parts of a hundred: a state is told by height as well as by colour. */
const HEIGHT = { up: 100, attention: 70, maintenance: 40, checking: 40, down: 55, none: 10 } as const

/** The last 24 hours of a backend, and the share of them that it was up. */
export function UptimeBar({ backend, history }: { readonly backend: string; readonly history: HealthHistory | null }) {
  const stretches = history?.backends.find(({ id }) => id === backend)?.stretches ?? []
  const share = uptimeOf(stretches)
  const percent = share === null ? NO_FIGURE : formatShare(share, 1)
  const downs = stretches.filter(({ state }) => state === 'down').length
  const label = share === null ? 'Not watched in the last 24 hours' : `Up ${percent} of the last 24 hours, down ${downs === 0 ? 'never' : downs === 1 ? 'once' : `${downs} times`}`
  return (
    <span className="uptime">
      <svg className="uptime-bar" viewBox={`0 0 ${SEGMENTS * 3} 18`} preserveAspectRatio="none" role="img" aria-label={label}>
        {history !== null && segmentsOf(stretches, history.from, history.to, SEGMENTS).map((state, index) => {
          const height = (HEIGHT[state] / 100) * 18
          // A segment is its place in time, and nothing else.
          // oxlint-disable-next-line react/no-array-index-key
          return <rect key={index} x={index * 3} y={18 - height} width="2" height={height} data-past={state} />
        })}
      </svg>
      <span className="small second">{percent}</span>
    </span>
  )
}
