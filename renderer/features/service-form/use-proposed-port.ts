import { useEffect } from 'react'
import { speaking } from '../../lib/service-edits'
import { useClient } from '../../state/hooks'
import { findFreePort, standIn } from '../../state/own-port'
import { protocolOf } from './model/draft'
import { presetById } from './model/presets'
import type { ServiceForm } from './use-service-form'

/** Puts a port that can be had in the place of the machine's own one where that is taken, until a person writes one: 3390 for Remote Desktop. */
export function useProposedPort({ draft, context: { document }, set }: ServiceForm, on: boolean): void {
  const client = useClient()
  const preset = presetById(draft.preset)
  const protocol = protocolOf(draft)
  const own = preset.port === null ? null : preset.port
  const proposed = on && draft.portProposed && own !== null && draft.port === String(own) ? own : null

  useEffect(() => {
    if (proposed === null) return undefined
    let stale = false
    const taken = speaking(document, protocol).some(({ port }) => port === proposed)
    // Nobody can be asked for a port of UDP; what the gateway itself has is known.
    const found =
      protocol === 'udp'
        ? Promise.resolve(taken ? standIn(proposed) : proposed)
        : findFreePort(client, document, taken ? standIn(proposed) : proposed, document.listeners?.[0]?.address)
    found.then(
      (port) => void (stale || port === null || port === proposed || set({ port: String(port) })),
      // Without an answer the port stays; its test says what is wrong with it.
      () => undefined,
    )
    return () => {
      stale = true
    }
    // oxlint-disable-next-line react/exhaustive-deps -- `set` is another function each time and does the same
  }, [client, document, proposed, protocol])
}
