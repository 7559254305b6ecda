import { useEffect, useState } from 'react'
import type { ConfigDocument } from '../../../proxy/contract/config/document'
import type { PortVerdict } from '../../../proxy/contract/calls/doctor'
import { type Protocol, speaking } from '../../lib/service-edits'
import { useClient } from '../../state/hooks'

const PAUSE = 400

/** Whether a port that the gateway does not have yet can be had on the address; null until it is known, or where there is nothing to ask. */
export function usePortTest(text: string, protocol: Protocol, document: ConfigDocument, address: string): PortVerdict | null {
  const client = useClient()
  const [known, setKnown] = useState<{ readonly asked: string; readonly verdict: PortVerdict } | null>(null)
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  const transport = protocol === 'udp' ? 'udp' : 'tcp'
  const own = (transport === 'udp' ? speaking(document, 'udp') : [...speaking(document, 'http'), ...speaking(document, 'tcp')]).some(
    (listener) => listener.port === port,
  )
  const wanted = port >= 1 && port <= 65_535 && !own ? port : null
  const asked = `${transport} ${address} ${wanted}`

  useEffect(() => {
    if (wanted === null) return undefined
    let stale = false
    const timer = window.setTimeout(() => {
      client.call('port.test', { address, port: wanted, transport }).then(
        (verdict) => void (stale || setKnown({ asked, verdict })),
        // Without an answer there is nothing to say; saving finds out.
        () => undefined,
      )
    }, PAUSE)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [client, wanted, address, transport, asked])

  return wanted !== null && known?.asked === asked ? known.verdict : null
}
