import { useEffect, useState } from 'react'
import type { HealthHistory } from '../../../proxy/contract/health-history'
import { useClient } from '../../state/hooks'

/** A segment of the bars stands for 16 minutes: asking more often than this would bring nothing to see. */
const EVERY = 20_000

/** How a service and its backends fared in the last 24 hours; null until the first answer. Asked anew when `changed` does. */
export function useHealthHistory(id: string, changed: string): HealthHistory | null {
  const client = useClient()
  const [known, setKnown] = useState<{ readonly of: string; readonly at: string; readonly history: HealthHistory } | null>(null)
  useEffect(() => {
    let stale = false
    const ask = (): void => {
      if (document.hidden) return
      client.call('service.history', { id, hours: 24 }).then(
        (history) => void (stale || setKnown({ of: id, at: changed, history })),
        // While the gateway's host does not answer, the bars keep what they have.
        () => undefined,
      )
    }
    ask()
    const timer = window.setInterval(ask, EVERY)
    return () => {
      stale = true
      window.clearInterval(timer)
    }
  }, [client, id, changed])
  return known?.of === id ? known.history : null
}
