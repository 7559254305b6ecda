import type { RequestFilter } from '../../contract/engine-api'
import type { RequestRow } from '../../contract/status'

/** The recent request log: so many rows, then the oldest is overwritten. */
export class RequestRing {
  private readonly rows: RequestRow[] = []
  private next = 0
  private readonly size: number

  constructor(size = 10_000) {
    this.size = size
  }

  add(row: RequestRow): void {
    this.rows[this.next] = row
    this.next = (this.next + 1) % this.size
  }

  /** Rows that fit every given filter, newest first. */
  find(filter: RequestFilter): RequestRow[] {
    const found: RequestRow[] = []
    for (let back = 1; back <= this.rows.length && found.length < filter.limit; back++) {
      const row = this.rows[(this.next - back + this.size) % this.size]
      if (row && fits(row, filter)) found.push(row)
    }
    return found
  }
}

function fits(row: RequestRow, { service, status, client, ref }: RequestFilter): boolean {
  return (service === undefined || row.service === service) && (status === undefined || row.status === status) && (client === undefined || row.client === client) && (ref === undefined || row.ref === ref)
}
