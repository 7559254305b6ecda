import type { Handlers } from '../../contract/api'
import type { Surroundings } from '../../contract/check'
import type { ConfigDocument } from '../../contract/config/document'
import type { backendCalls as api } from '../../contract/calls/backends'
import { CallError } from '../../contract/failure'
import type { Configuration } from '../configuration'
import type { Supervisor } from '../supervisor'
import { findBackend, inState, withBackends } from './edit-backends'
import type { Swaps } from './swaps'

export interface BackendCallParts {
  readonly configuration: Configuration
  readonly supervisor: Supervisor
  readonly swaps: Swaps
  readonly surroundings: () => Surroundings
}

const DONE = { active: 'Activated', draining: 'Draining', maintenance: 'Took out' } as const

/** Draining, maintenance, swapping: edits of the document, which is the one truth about states. */
export function backendCalls({ configuration, supervisor, swaps }: BackendCallParts): Handlers<typeof api> {
  return {
    'backend.state': async ({ service, backend, state, disconnect, by = 'API' }) => {
      const { name } = findBackend(configuration.current.document, service, backend)
      const edit = (document: ConfigDocument): ConfigDocument =>
        withBackends(document, service, (backends) => backends.map((one) => (one.id === backend ? inState(one, state) : one)))
      const { revision } = await configuration.edit(edit, by, `${DONE[state]} ${backend} of ${name}`)
      if (disconnect && state !== 'active') await supervisor.ask('backend.disconnect', { service, backend })
      // Somebody waits for how many are left, now.
      const status = await supervisor.freshStatus()
      const now = status?.services.find(({ id }) => id === service)?.backends.find(({ id }) => id === backend)
      const tunnels = now?.tunnels ?? 0
      return {
        revision,
        running: { requests: (now?.inFlight ?? 0) - tunnels, tunnels },
        warning: warningOf(configuration.current.document, service),
      }
    },
    'backend.swap': ({ service, backend, url, by = 'API' }) => swaps.start(service, backend, url, by),
    'backend.swap.undo': ({ service, backend, by = 'API' }) => swaps.undo(service, backend, by),
    'backend.check': async ({ service, backend }) => {
      findBackend(configuration.current.document, service, backend)
      const answer = await supervisor.ask('backend.check', { service, backend })
      if (answer === null) throw new CallError('AR_ENGINE', 'The gateway is not running, so nothing is checked.')
      return answer
    },
  }
}

/** Nobody is left to answer: the person may not have meant that. */
function warningOf(document: ConfigDocument, id: string): string | null {
  const service = document.services?.find((other) => other.id === id)
  const active = service?.backends?.filter(({ state }) => state === undefined || state === 'active') ?? []
  if (active.length === 0)
    return service?.type === 'tcp' || service?.type === 'udp'
      ? 'No backend of this service takes new connections now: they are closed.'
      : 'No backend of this service takes new requests now: visitors get the maintenance page.'
  return active.some(({ role }) => role !== 'backup') ? null : 'Only backups take new requests now.'
}
