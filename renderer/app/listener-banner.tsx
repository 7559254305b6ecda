import { useEffect, useState } from 'react'
import type { ListenerStatus } from '../../proxy/contract/status'
import { formatNumberOf } from '../lib/format'
import { useClient, useConfig } from '../state/hooks'
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
  const affected = useConfig()?.config.services.filter(({ enabled, listeners }) => enabled && (listeners === undefined || listeners.includes(listener.id))).length ?? 0
  const { id, address, port } = listener
  useEffect(() => {
    let current = true
    client.call('port.test', { address, port }).then(({ suggestion }) => current && setInstead(suggestion), () => undefined)
    return () => {
      current = false
    }
  }, [client, address, port])

  function usePort(free: number): void {
    void save(`Moved port ${port} to ${free}`, (document) => ({ ...document, listeners: document.listeners?.map((other) => (other.id === id ? { ...other, port: free } : other)) ?? [] }))
  }

  const { title, cause } = listenerWords(listener)
  return (
    <Banner
      tone="down"
      title={title}
      actions={
        <>
          {instead !== null && <Button size="small" onPress={() => usePort(instead)}>Use port {instead} instead</Button>}
          <CopyButton text={`${address}:${port}: ${listener.reason ?? ''}`} label="Copy details" size="normal" />
        </>
      }
    >
      {cause} {affected > 0 && `${formatNumberOf(affected, 'service')} cannot be reached there. `}AstroRelay keeps trying.
    </Banner>
  )
}
