import { useEffect, useState } from 'react'
import type { RequestRow } from '../../../proxy/contract/status'
import { useClient, useStatus } from '../../state/hooks'

const TYPING = 200
export const SHOWN = 200

export interface LogFilter {
  /** A service's id, or empty. */
  readonly service: string
  readonly status: 'all' | 'refused' | 'failed'
  /** An address, path, host, reason or reference. */
  readonly text: string
}

/**
 * The newest requests that fit, asked for again as requests come in (`held`: they are not), newest first; null until the
 * first answer. `count`: of all requests so far.
 */
export function useLog(
  { service, status, text }: LogFilter,
  held: boolean,
): { readonly rows: readonly RequestRow[] | null; readonly count: number } {
  const client = useClient()
  const count = useStatus((live) => (live.status?.services ?? []).reduce((sum, { traffic }) => sum + traffic.requests, 0))
  const [rows, setRows] = useState<readonly RequestRow[] | null>(null)
  const beat = useStatus((live) => live.status?.at ?? 0)
  const moved = held ? -1 : beat

  useEffect(() => {
    if (moved === -1) return undefined
    let stale = false
    const timer = window.setTimeout(() => {
      const filter = {
        limit: SHOWN,
        ...(service === '' ? {} : { service }),
        ...(text.trim() === '' ? {} : { text: text.trim() }),
        ...(status === 'all' ? {} : { only: status }),
      }
      // The gateway is away: what is shown stays, and the footer says that it is not live.
      client.call('requests', filter).then(
        (found) => void (stale || setRows(found)),
        () => undefined,
      )
    }, TYPING)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [client, service, status, text, moved])

  return { rows, count }
}
