import { useEffect, useState } from 'react'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { PortVerdict } from '../../../proxy/contract/control-api'
import { type Protocol, speaking } from '../../lib/service-edits'
import { useClient } from '../../state/hooks'

const PAUSE = 400

/** Whether a port that the gateway does not have yet can be had; null until it is known, or where there is nothing to ask: only ports of TCP are tested. */
export function usePortTest(text: string, protocol: Protocol, document: ConfigDocument): PortVerdict | null {
  const client = useClient()
  const [known, setKnown] = useState<{ readonly port: number; readonly verdict: PortVerdict } | null>(null)
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  const listeners = document.listeners ?? []
  const own = [...speaking(document, 'http'), ...speaking(document, 'tcp')].some((listener) => listener.port === port)
  const wanted = protocol !== 'udp' && port >= 1 && port <= 65_535 && !own ? port : null
  const address = listeners[0]?.address ?? '0.0.0.0'

  useEffect(() => {
    if (wanted === null) return undefined
    let stale = false
    const timer = window.setTimeout(() => {
      client.call('port.test', { address, port: wanted }).then(
        (verdict) => void (stale || setKnown({ port: wanted, verdict })),
        // Without an answer there is nothing to say; saving finds out.
        () => undefined,
      )
    }, PAUSE)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [client, wanted, address])

  return wanted !== null && known?.port === wanted ? known.verdict : null
}
