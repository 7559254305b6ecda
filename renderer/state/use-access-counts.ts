import { useEffect, useState } from 'react'
import type { AccessCounts } from '../../proxy/contract/access-api'
import { useClient, useConfig } from './hooks'

const EVERY = 3_000

/** Refusals by rule and automatic blocks, asked for again every few seconds; null while nothing is known. `again` asks now. */
export function useAccessCounts(): { readonly counts: AccessCounts | null; readonly again: () => void } {
  const client = useClient()
  const revision = useConfig()?.revision
  const [known, setKnown] = useState<{ readonly of: string; readonly counts: AccessCounts | null } | null>(null)
  const [asked, setAsked] = useState(0)
  const of = `${revision ?? ''} ${asked}`

  useEffect(() => {
    let stale = false
    const ask = (): void =>
      void client.call('access.counts', {}).then(
        (answer) => void (stale || setKnown({ of, counts: answer })),
        () => void (stale || setKnown({ of, counts: null })),
      )
    ask()
    const timer = window.setInterval(ask, EVERY)
    const stop = client.on('access', ask)
    return () => {
      stale = true
      window.clearInterval(timer)
      stop()
    }
  }, [client, of])

  return { counts: known?.counts ?? null, again: () => setAsked(asked + 1) }
}
