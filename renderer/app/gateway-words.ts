import type { Info } from '../../proxy/contract/calls/info'
import type { Status } from '../../proxy/contract/status'
import { formatSpan } from '../lib/format'
import { countServices } from '../lib/service-counts'
import type { GlyphState } from '../ui/status-glyph'

export interface GatewayWords {
  readonly glyph: GlyphState
  readonly title: string
  readonly detail: string
}

/** The gateway's state as its card says it; the worst service or listener shows through while it runs. */
export function gatewayWords(
  status: Pick<Status, 'engine' | 'services' | 'listeners'> | null,
  info: Info | null,
  now: number,
): GatewayWords {
  if (!status) return { glyph: 'checking', title: 'Connecting', detail: '' }
  const { engine, services, listeners } = status
  const address = info?.addresses[0] ?? info?.machine ?? 'this computer'
  if (engine.state === 'stopped') return { glyph: 'off', title: 'Gateway stopped', detail: 'Nothing can be reached' }
  if (engine.state === 'failed') return { glyph: 'down', title: 'Gateway cannot start', detail: 'Nothing can be reached' }
  if (engine.state !== 'running')
    return { glyph: 'checking', title: engine.state === 'starting' ? 'Starting' : 'Restarting', detail: address }
  const { down, attention } = countServices(services)
  const closed = listeners.filter(({ state }) => state === 'failed').length
  const troubled = down + attention
  if (troubled > 0)
    return {
      glyph: down > 0 ? 'down' : 'warn',
      title: `${troubled} ${troubled === 1 ? 'needs' : 'need'} attention`,
      detail: 'Gateway running',
    }
  if (closed > 0) return { glyph: 'warn', title: `${closed} ${closed === 1 ? 'port' : 'ports'} not open`, detail: 'Gateway running' }
  const up = engine.startedAt === null ? '' : ` · up ${formatSpan(now - engine.startedAt)}`
  return { glyph: 'ok', title: 'Gateway running', detail: `${address}${up}` }
}
