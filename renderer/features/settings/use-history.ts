import { useEffect, useState } from 'react'
import type { RevisionRow } from '../../../proxy/contract/calls/history'
import { useClient, useConfig } from '../../state/hooks'

/** The saved revisions, newest first, asked for again after every change; null until the first answer. */
export function useHistory(): readonly RevisionRow[] | null {
  const client = useClient()
  const revision = useConfig()?.revision
  const [known, setKnown] = useState<{ readonly at: string | undefined; readonly rows: readonly RevisionRow[] } | null>(null)
  useEffect(() => {
    let stale = false
    client.call('history', {}).then(
      (rows) => void (stale || setKnown({ at: revision, rows })),
      // What is shown stays; the next change asks again.
      () => undefined,
    )
    return () => {
      stale = true
    }
  }, [client, revision])
  return known?.rows ?? null
}

/** A revision's document, and the one before it; null until both are there. */
export function useRevisionPair(revision: string, former: string | null): { readonly document: unknown; readonly before: unknown } | null {
  const client = useClient()
  const [known, setKnown] = useState<{ readonly of: string; readonly document: unknown; readonly before: unknown } | null>(null)
  const of = `${revision} ${former ?? ''}`
  useEffect(() => {
    let stale = false
    Promise.all([client.call('history.get', { revision }), former === null ? null : client.call('history.get', { revision: former })]).then(
      ([{ document }, before]) => void (stale || setKnown({ of, document, before: before?.document })),
      () => undefined,
    )
    return () => {
      stale = true
    }
  }, [client, revision, former, of])
  return known?.of === of ? known : null
}
