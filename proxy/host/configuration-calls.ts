import type { Handlers } from '../contract/api'
import type { configCalls as api } from '../contract/calls/config'
import type { Surroundings } from '../contract/check'
import { addressNotes } from '../contract/host-bits'
import { parseConfig } from '../contract/parse'
import type { Moves } from './backends/moves'
import type { Configuration } from './configuration'
import { masked, unmasked } from './lockdown/secrets'

export interface ConfigurationCallParts {
  readonly configuration: Configuration
  readonly moves: Moves
  readonly surroundings: () => Surroundings
}

/** Reading, checking and saving the document, whose secrets leave this process masked. */
export function configurationCalls({ configuration, moves, surroundings }: ConfigurationCallParts): Handlers<typeof api> {
  return {
    'config.get': () => ({ revision: configuration.current.revision, document: masked(configuration.current.document) }),
    'config.put': async ({ document, baseRevision, by, moves: wanted, summary }) => {
      const parsed = wanted === 'watched' ? parseConfig(document, surroundings()) : null
      const moved = parsed?.ok ? moves.within(parsed.document) : []
      const saved = await configuration.save({ document, baseRevision, by: by ?? 'API', summary })
      moves.watch(moved)
      return { ...saved, notes: [...saved.notes, ...addressNotes(configuration.current.config)] }
    },
    'config.check': ({ document }) => {
      const parsed = parseConfig(unmasked(document, configuration.current.document).document, surroundings())
      return parsed.ok ? { issues: [], notes: addressNotes(parsed.config) } : { issues: [...parsed.issues], notes: [] }
    },
  }
}
