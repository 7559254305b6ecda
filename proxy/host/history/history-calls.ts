import type { Handlers } from '../../contract/api'
import type { historyCalls as api } from '../../contract/calls/history'
import { CallError } from '../../contract/failure'
import type { Configuration } from '../configuration'
import { masked } from '../../contract/secrets'
import type { RevisionLog } from './revision-log'

/** What was saved, and the way back to it. */
export function historyCalls(configuration: Configuration, history: RevisionLog): Handlers<typeof api> {
  return {
    history: () => history.rows(configuration.current.revision),
    'history.get': async ({ revision }) => {
      const entry = await history.readInSlices(revision)
      if (!entry) throw new CallError('AR_NOT_FOUND', `There is no revision ${revision.slice(0, 20)} any more; the last 50 are kept.`)
      return { revision: entry.revision, document: masked(entry.document) }
    },
    'history.restore': async ({ revision }) => {
      const saved = await configuration.restore(revision, 'history')
      return { revision: saved.revision }
    },
  }
}
