import type { Configuration } from '../configuration'
import type { EventHub } from '../event-hub'
import { inState, withBackends } from './edit-backends'

/** Writes down that a backend is in maintenance when the engine says that its drain is over. */
export function keepDrains(hub: EventHub, configuration: Configuration, log: (line: string) => void): void {
  hub.on('drained', ({ service, backend, reason }) => {
    const name = configuration.current.config.services.find(({ id }) => id === service)?.name ?? service
    const edit = (document: typeof configuration.current.document): typeof document =>
      withBackends(document, service, (backends) =>
        backends.map((one) => (one.id === backend && one.state === 'draining' ? inState(one, 'maintenance') : one)),
      )
    configuration
      .edit(edit, 'AstroRelay', `${backend} of ${name} is drained: ${reason}`)
      .catch((error: unknown) => log(`drain of ${service}/${backend}: ${String(error)}`))
  })
}
