import type { RequestFilter } from '../../contract/engine-api'
import { isRefusal } from '../../contract/errors'
import { hasFailed } from '../../contract/request-failure'
import type { RequestRow } from '../../contract/status'

/**
 * The recent request log: so many rows, then the oldest is overwritten, in its place. Rows that came and went would live
 * just long enough to be moved twice by the collector, which costs more than all else that is counted of a request.
 */
export class RequestRing {
  private readonly rows: RequestRow[] = []
  private next = 0
  private readonly size: number

  constructor(size = 10_000) {
    this.size = size
  }

  /** Takes a row over by its values; the object itself is not kept. */
  add(row: RequestRow): void {
    const place = this.rows[this.next]
    if (place === undefined) this.rows[this.next] = { ...row }
    else overwrite(place, row)
    this.next = (this.next + 1) % this.size
  }

  /** Rows that fit every given filter, newest first. */
  find(filter: RequestFilter): RequestRow[] {
    const found: RequestRow[] = []
    for (let back = 1; back <= this.rows.length && found.length < filter.limit; back++) {
      const row = this.rows[(this.next - back + this.size) % this.size]
      if (row && fits(row, filter)) found.push({ ...row })
    }
    return found
  }
}

function overwrite(place: RequestRow, row: RequestRow): void {
  place.ref = row.ref
  place.at = row.at
  place.client = row.client
  place.method = row.method
  place.host = row.host
  place.path = row.path
  place.service = row.service
  place.backend = row.backend
  place.status = row.status
  place.error = row.error
  place.reason = row.reason
  place.rule = row.rule
  place.endedBy = row.endedBy
  place.duration = row.duration
  place.bytesIn = row.bytesIn
  place.bytesOut = row.bytesOut
  place.attempts = row.attempts
}

function fits(row: RequestRow, { service, status, client, ref, text, only }: RequestFilter): boolean {
  if (only === 'refused' && !isRefusal(row.error)) return false
  if (only === 'failed' && !hasFailed(row.error, row.status, row.endedBy, row.reason)) return false
  return (
    (text === undefined || holds(row, text.toLowerCase())) &&
    (service === undefined || row.service === service) &&
    (status === undefined || row.status === status) &&
    (client === undefined || row.client === client) &&
    (ref === undefined || row.ref === ref)
  )
}

function holds({ client, host, path, reason, ref }: RequestRow, wanted: string): boolean {
  return [client, host, path, reason ?? '', ref].some((part) => part.toLowerCase().includes(wanted))
}
