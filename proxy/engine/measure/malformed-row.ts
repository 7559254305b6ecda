import { ERRORS, type ErrorCode } from '../../contract/errors'
import type { RequestRow } from '../../contract/status'

/** The request log's row for something that was no request. */
export function malformedRow({ peer }: { readonly peer: string }, ref: string, error: ErrorCode, reason: string): RequestRow {
  return {
    ref,
    at: Date.now(),
    client: peer,
    method: '',
    host: '',
    path: '',
    service: null,
    backend: null,
    status: ERRORS[error].status,
    error,
    reason,
    rule: null,
    endedBy: 'gateway',
    duration: 0,
    bytesIn: 0,
    bytesOut: 0,
    attempts: 0,
  }
}
