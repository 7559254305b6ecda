import { Ban, Check, Ellipsis } from 'lucide-react'
import type { RequestRow } from '../../../proxy/contract/status'
import { formatBytes, formatClockSeconds, formatMs } from '../../lib/format'
import { requestGlyph, requestStatus, requestTarget } from '../../lib/request-words'
import { useAccessActions } from '../../state/access-actions'
import { IconButton } from '../../ui/icon-button'
import { Menu } from '../../ui/menu'
import { StatusGlyph } from '../../ui/status-glyph'

/** The request log as a table. */
export function RequestsTable({ rows }: { readonly rows: readonly RequestRow[] }) {
  return (
    <table className="table requests-table">
      <thead>
        <tr>
          <th scope="col" data-column="time">
            Time
          </th>
          <th scope="col" data-column="status">
            Status
          </th>
          <th scope="col" data-column="method">
            Method
          </th>
          <th scope="col">Path</th>
          <th scope="col" data-column="client" className="drop-second">
            Client
          </th>
          <th scope="col" data-column="took" className="end">
            Took
          </th>
          <th scope="col" data-column="sent" className="end drop-second">
            Sent
          </th>
          <th scope="col" data-column="ref" className="drop-first">
            Reference
          </th>
          <th scope="col" data-column="actions">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.ref}>
            <td className="quiet">{formatClockSeconds(row.at)}</td>
            <td>
              <span className="status-code">
                <StatusGlyph state={requestGlyph(row)} size="small" />
                {requestStatus(row)}
              </span>
            </td>
            <td>{row.method}</td>
            <td>
              <span className="mono request-path" title={`${row.host}${row.path}`}>
                {requestTarget(row)}
              </span>
              {row.reason !== null && <span className="small request-reason">{row.reason}</span>}
            </td>
            <td className="drop-second mono">{row.client}</td>
            <td className="end">{formatMs(row.duration)}</td>
            <td className="end drop-second">{formatBytes(row.bytesOut)}</td>
            <td className="drop-first mono quiet">{row.ref}</td>
            <td>
              <ClientMenu row={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What can be done about who sent it. */
function ClientMenu({ row: { client, service, error } }: { readonly row: RequestRow }) {
  const { block, refuse, allow } = useAccessActions()
  const own = /^(?:127\.|::1$)/.test(client)
  return (
    <Menu
      label={`Actions for ${client}`}
      entries={[
        {
          id: 'block',
          text: own ? 'This computer itself cannot be blocked' : `Block ${client} everywhere for 24 hours`,
          icon: Ban,
          isDisabled: own,
          run: () => block(client, 'day'),
        },
        ...(service === null
          ? []
          : [{ id: 'refuse', text: `Refuse ${client} here`, icon: Ban, isDisabled: own, run: () => refuse(service, client, 'never') }]),
        ...(service === null || error !== 'AR_REFUSED'
          ? []
          : [{ id: 'allow', text: `Allow ${client} here`, icon: Check, run: () => allow(service, client) }]),
      ]}
    >
      <IconButton icon={Ellipsis} label={`Actions for ${client}`} size="small" />
    </Menu>
  )
}
