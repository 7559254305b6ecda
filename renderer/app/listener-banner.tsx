import { useEffect, useState } from 'react'
import type { ListenerStatus } from '../../proxy/contract/status'
import { formatNumberOf } from '../lib/format'
import { useClient, useConfig } from '../state/hooks'
import { findFreePort, standIn } from '../state/own-port'
import { useSave } from '../state/save'
import { Banner } from '../ui/banner'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { listenerWords } from './listener-words'

/** A port that could not be opened: why, who has it, what cannot be reached, and the nearest one that can. */
export function ListenerBanner({ listener }: { readonly listener: ListenerStatus }) {
  const client = useClient()
  const save = useSave()
  const [instead, setInstead] = useState<number | null>(null)
  const saved = useConfig()
  const document = saved?.document
  const affected =
    saved?.config.services.filter(({ enabled, listeners }) => enabled && (listeners === undefined || listeners.includes(listener.id)))
      .length ?? 0
  const { id, address, port } = listener
  useEffect(() => {
    let current = true
    if (document)
      findFreePort(client, document, standIn(port), address).then(
        (free) => current && setInstead(free),
        () => undefined,
      )
    return () => {
      current = false
    }
  }, [client, document, address, port])

  function moveTo(free: number): void {
    void save(`Moved port ${port} to ${free}`, (document) => ({
      ...document,
      listeners: document.listeners?.map((other) => (other.id === id ? { ...other, port: free } : other)) ?? [],
    }))
  }

  const { title, cause } = listenerWords(listener)
  return (
    <Banner
      tone="down"
      title={title}
      actions={
        <>
          {instead !== null && (
            <Button size="small" onPress={() => moveTo(instead)}>
              Use port {instead} instead
            </Button>
          )}
          <CopyButton text={`${address}:${port}: ${listener.reason ?? ''}`} label="Copy details" size="normal" />
        </>
      }
    >
      {cause} {affected > 0 && `${formatNumberOf(affected, 'service')} cannot be reached there. `}AstroRelay keeps trying.
    </Banner>
  )
}
