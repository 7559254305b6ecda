import type { RequestRow } from '../../../proxy/contract/status'
import { isStream } from '../../lib/request-words'

/** How a request ended, in a sentence. */
export function endWordsOf(row: RequestRow): string {
  const { error, endedBy, status, reason } = row
  if (isStream(row) && error === null) return reason ?? (endedBy === 'backend' ? 'The machine ended it.' : 'The visitor ended it.')
  if (error !== null) return reason ?? 'The gateway answered.'
  if (endedBy === 'client') return reason ?? 'The visitor left.'
  return reason ?? (status === 0 ? 'There was no answer.' : 'The backend answered.')
}
