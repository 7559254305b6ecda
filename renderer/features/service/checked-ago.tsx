import type { Service } from '../../../proxy/contract/config/service'
import { healthKind } from '../../../proxy/contract/health-kind'
import type { ServiceStatus } from '../../../proxy/contract/status'
import { formatSpan } from '../../lib/format'
import { useNow } from '../../state/clock'

/** When the backends were checked last, for the footer. */
export function CheckedAgo({ service, status }: { readonly service: Service; readonly status: ServiceStatus | null }) {
  const now = useNow()
  const last = Math.max(0, ...(status?.backends ?? []).map(({ lastCheck }) => lastCheck?.at ?? 0))
  if (last === 0 || !service.enabled || healthKind(service) === 'off') return null
  return (
    <span>
      Checked {formatSpan(now - last)} ago, every {formatSpan(service.health.interval)}
    </span>
  )
}
