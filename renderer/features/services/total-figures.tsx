import { formatNumberOf, formatRate } from '../../lib/format'
import { useStatus } from '../../state/hooks'
import { useLive } from '../../ui/footer'

/** The whole gateway's figures of this second. */
export function TotalFigures() {
  const live = useLive()
  const rate = useStatus(({ status }) => (status?.services ?? []).reduce((total, { traffic }) => total + traffic.perSecond, 0))
  const connections = useStatus((status) => status.connections)
  if (!live) return null
  return (
    <>
      <span>{formatRate(rate)} req/s</span>
      <span>{formatNumberOf(connections, 'open connection')}</span>
    </>
  )
}
