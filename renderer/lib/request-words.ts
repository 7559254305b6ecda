import { isRefusal } from '../../proxy/contract/errors'
import { hasFailed } from '../../proxy/contract/request-failure'
import type { RequestRow } from '../../proxy/contract/status'

type Told = Pick<RequestRow, 'method' | 'status' | 'error' | 'endedBy' | 'reason' | 'host' | 'path'>

/** Whether the row is of a connection or session that is passed on as it is, and so has no status of its own. */
export function isStream({ method }: Pick<RequestRow, 'method'>): boolean {
  return method === 'TCP' || method === 'UDP'
}

/** DESIGN §5: 2xx filled dot, 3xx ring, 4xx triangle, 5xx square; none: there was no answer. */
export function requestGlyph(row: Told): 'ok' | 'off' | 'warn' | 'down' {
  if (isStream(row))
    return row.error === null
      ? hasFailed(row.error, row.status, row.endedBy, row.reason)
        ? 'down'
        : 'ok'
      : isRefusal(row.error)
        ? 'warn'
        : 'down'
  if (row.status >= 500) return 'down'
  if (row.status >= 400) return 'warn'
  return row.status >= 300 || row.status === 0 ? 'off' : 'ok'
}

/** `200`, or in a word what came of a connection. */
export function requestStatus(row: Told): string {
  if (!isStream(row)) return row.status === 0 ? 'None' : String(row.status)
  return { ok: 'Done', off: 'Done', warn: 'Refused', down: 'Failed' }[requestGlyph(row)]
}

/** What was asked for: a path, the name that a TLS client wanted, or a connection. */
export function requestTarget(row: Told): string {
  if (isStream(row)) return row.host === '' ? (row.method === 'TCP' ? 'Connection' : 'Session') : row.host
  return row.path === '' ? 'Not a request' : row.path
}
