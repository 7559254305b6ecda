import { Cell, Column, Row, Table, TableBody, TableHeader } from 'react-aria-components'
import type { RequestRow } from '../../../proxy/contract/status'
import { formatClockSeconds, formatMs } from '../../lib/format'
import { requestGlyph, requestStatus, requestTarget } from '../../lib/request-words'
import { StatusGlyph } from '../../ui/status-glyph'

interface LogTableProps {
  readonly rows: readonly RequestRow[]
  readonly nameOf: (service: string | null) => string
  readonly open: string | null
  readonly onOpen: (ref: string) => void
}

/** The log: one line a request, Enter opens it. */
export function LogTable({ rows, nameOf, open, onOpen }: LogTableProps) {
  return (
    <Table aria-label="Requests" className="log-table" onRowAction={(key) => onOpen(String(key))}>
      <TableHeader>
        <Column className="log-column" data-column="time">
          Time
        </Column>
        <Column className="log-column" data-column="from">
          From
        </Column>
        <Column className="log-column" data-column="status">
          Status
        </Column>
        <Column isRowHeader className="log-column" data-column="request">
          Request
        </Column>
        <Column className="log-column" data-column="service">
          Service
        </Column>
        <Column className="log-column" data-column="took">
          Took
        </Column>
      </TableHeader>
      <TableBody items={rows.map((row) => ({ id: row.ref, row }))} dependencies={[open, nameOf]}>
        {({ row }) => (
          <Row
            id={row.ref}
            className="log-row"
            textValue={`${row.method} ${requestTarget(row)}`}
            data-ref={row.ref}
            {...(open === row.ref ? { 'data-open': '' } : {})}
          >
            <Cell className="log-cell mono" data-column="time">
              {formatClockSeconds(row.at)}
            </Cell>
            <Cell className="log-cell mono" data-column="from">
              {row.client}
            </Cell>
            <Cell className="log-cell" data-column="status">
              <span className="status-code">
                <StatusGlyph state={requestGlyph(row)} size="small" />
                {requestStatus(row)}
              </span>
            </Cell>
            <Cell className="log-cell" data-column="request">
              <span className="truncate log-request" title={`${row.host}${row.path}`}>
                <span className="quiet">{row.method}</span> {requestTarget(row)}
              </span>
              {row.rule !== null && <span className="small log-rule">{row.rule}</span>}
            </Cell>
            <Cell className="log-cell" data-column="service">
              <span className="truncate">{nameOf(row.service)}</span>
            </Cell>
            <Cell className="log-cell end" data-column="took">
              {formatMs(row.duration)}
            </Cell>
          </Row>
        )}
      </TableBody>
    </Table>
  )
}
