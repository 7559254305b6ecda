import { isFailure } from './errors'
import type { RequestRow } from './status'

/**
 * Whether what was asked for did not come: the gateway had to say so (`error`), the backend did, or it broke off. The words are
 * those of a row of the request log.
 */
export function hasFailed(error: RequestRow['error'], status: number, endedBy: RequestRow['endedBy'], reason: string | null): boolean {
  if (error !== null) return isFailure(error)
  return status >= 500 || (endedBy === 'backend' && reason !== null)
}
