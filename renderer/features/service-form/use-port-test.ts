import { useEffect, useState } from 'react'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { PortVerdict } from '../../../proxy/contract/control-api'
import { type Protocol, speaking } from '../../lib/service-edits'
import { useClient } from '../../state/hooks'

const PAUSE = 400

/** Whether a port that the gateway does not have yet can be had; null until it is known, or where there is nothing to ask. */
export function usePortTest(text: string, protocol: Protocol, document: ConfigDocument): PortVerdict | null {
  const client = useClient()
  const [known, setKnown] = useState<{ readonly port: string; readonly verdict: PortVerdict } | null>(null)
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  const listeners = document.listeners ?? []
  const transport = protocol === 'udp' ? 'udp' : 'tcp'
  const own = (transport === 'udp' ? speaking(document, 'udp') : [...speaking(document, 'http'), ...speaking(document, 'tcp')]).some((listener) => listener.port === port)
  const wanted = port >= 1 && port <= 65_535 && !own ? port : null
  const address = listeners[0]?.address ?? '0.0.0.0'

  useEffect(() => {
    if (wanted === null) return undefined
    let stale = false
    const timer = window.setTimeout(() => {
      client.call('port.test', { address, port: wanted, transport }).then(
        (verdict) => void (stale || setKnown({ port: `${transport} ${wanted}`, verdict })),
        // Without an answer there is nothing to say; saving finds out.
        () => undefined,
      )
    }, PAUSE)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [client, wanted, address, transport])

  return wanted !== null && known?.port === `${transport} ${wanted}` ? known.verdict : null
}
