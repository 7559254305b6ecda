import type { Handlers } from '../contract/api'
import type { configCalls as api } from '../contract/calls/config'
import type { Surroundings } from '../contract/check'
import { addressNotes } from '../contract/host-bits'
import { configParsing, type ParsedConfig } from '../contract/parse'
import { inSlices } from '../system/slices'
import type { Moves } from './backends/moves'
import type { Configuration } from './configuration'
import { withKnownLists } from '../contract/known-lists'
import { masked } from '../contract/secrets'
import { maskIssues } from './secrets'

export interface ConfigurationCallParts {
  readonly configuration: Configuration
  readonly moves: Moves
  readonly surroundings: () => Surroundings
}

/** Reading, checking and saving the document, whose secrets leave this process masked. */
export function configurationCalls({ configuration, moves, surroundings }: ConfigurationCallParts): Handlers<typeof api> {
  const check = async (document: unknown): Promise<ParsedConfig> =>
    inSlices(configParsing(await inSlices(withKnownLists(document, configuration.current.document)), surroundings()))
  return {
    'config.get': () => ({ revision: configuration.current.revision, document: masked(configuration.current.document) }),
    'config.put': async ({ document, baseRevision, by, moves: wanted, summary }) => {
      const parsed = wanted === 'watched' ? await check(document) : null
      const moved = parsed?.ok ? moves.within(parsed.document) : []
      const saved = await configuration.save({ document, baseRevision, by: by ?? 'API', summary })
      moves.watch(moved)
      return { ...saved, notes: [...saved.notes, ...(await inSlices(addressNotes(configuration.current.config)))] }
    },
    'config.check': async ({ document }) => {
      const filled = (await configuration.unmasked(document)).document
      const parsed = await check(filled)
      const issues = [...(parsed.ok ? [] : parsed.issues), ...maskIssues(filled)]
      return { issues, notes: parsed.ok ? await inSlices(addressNotes(parsed.config)) : [] }
    },
  }
}
