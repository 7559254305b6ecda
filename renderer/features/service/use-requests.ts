import { useEffect, useState } from 'react'
import type { RequestRow } from '../../../proxy/contract/status'
import { useClient } from '../../state/hooks'

const KEPT = 200
const TYPING = 250

/**
 * The newest requests of a service, asked for again whenever its count moved (`moved`); null until the first answer. With a
 * reference: the request that has it, however long ago, as far as the log reaches.
 */
export function useRequests(service: string, ref: string, moved: number): readonly RequestRow[] | null {
  const client = useClient()
  const [known, setKnown] = useState<{ readonly of: string; readonly moved: number; readonly rows: readonly RequestRow[] } | null>(null)
  const of = `${service} ${ref}`

  useEffect(() => {
    let stale = false
    const timer = window.setTimeout(
      () => {
        client.call('requests', { service, limit: KEPT, ...(ref === '' ? {} : { ref }) }).then(
          (rows) => void (stale || setKnown({ of, moved, rows })),
          // The gateway is away; what is shown stays, and the footer says that it is not live.
          () => undefined,
        )
      },
      ref === '' ? 0 : TYPING,
    )
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [client, service, ref, of, moved])

  return known?.of === of ? known.rows : null
}
