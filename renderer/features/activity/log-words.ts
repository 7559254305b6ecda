import type { RequestRow } from '../../../proxy/contract/status'
import type { GlyphState } from '../../ui/status-glyph'

/** DESIGN §5: 2xx filled dot, 3xx ring, 4xx triangle, 5xx square; none: there was no answer. */
export function glyphOf(status: number): GlyphState {
  if (status >= 500) return 'down'
  if (status >= 400) return 'warn'
  return status >= 300 || status === 0 ? 'off' : 'ok'
}

/** How a request ended, in a sentence. */
export function endWordsOf({ error, endedBy, status, reason }: RequestRow): string {
  if (error !== null) return reason ?? 'The gateway answered.'
  if (endedBy === 'client') return reason ?? 'The visitor left.'
  return reason ?? (status === 0 ? 'There was no answer.' : 'The backend answered.')
}
