import { useEffect, useState } from 'react'
import type { Series } from '../../../proxy/contract/calls/traffic'
import { useClient } from '../../state/hooks'

/** A bucket's length; asking more often would bring nothing new. */
const EVERY = 10_000

/** A service's traffic of the last minutes, kept up to date while the page can be seen; null until the first answer. */
export function useSeries(id: string, minutes: number): Series | null {
  const client = useClient()
  const [known, setKnown] = useState<{ readonly of: string; readonly series: Series } | null>(null)
  const of = `${id} ${minutes}`

  useEffect(() => {
    let stale = false
    const ask = (): void => {
      if (document.hidden) return
      client.call('traffic.series', { id, minutes }).then(
        (series) => void (stale || setKnown({ of, series })),
        // While the gateway does not answer, the chart keeps what it has and ends.
        () => undefined,
      )
    }
    ask()
    const timer = window.setInterval(ask, EVERY)
    document.addEventListener('visibilitychange', ask)
    return () => {
      stale = true
      window.clearInterval(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [client, id, minutes, of])

  return known?.of === of ? known.series : null
}
