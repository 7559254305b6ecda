import { Ellipsis } from 'lucide-react'
import { type ComponentType, memo } from 'react'
import { Cell, Column, Popover, Row, Table, TableBody, TableHeader, TableLayout, Virtualizer } from 'react-aria-components'
import type { Service } from '../../../proxy/contract/config/service'
import { useMedia } from '../../lib/use-media'
import { useServiceStatus } from '../../state/hooks'
import { navigate } from '../../state/route'
import { CopyButton } from '../../ui/copy-button'
import { IconButton } from '../../ui/icon-button'
import { MenuList } from '../../ui/menu'
import { AccessCell, BackendsCell, NameCell, NowCell, SparkCell, SpeedCell } from './service-cells'
import { type RowMenu, useRowMenu } from './use-row-menu'
import './service-table.css'

type ColumnId = 'service' | 'backends' | 'access' | 'recent' | 'now' | 'speed' | 'actions'

interface ColumnShape {
  readonly id: ColumnId
  readonly text: string
  readonly width: number | `${number}fr`
}

/** Heights of the head and of a row, in px. */
const HEIGHTS = { headingHeight: 30, rowHeight: 58 }

const COLUMNS: readonly ColumnShape[] = [
  { id: 'service', text: 'Service', width: '3fr' },
  { id: 'backends', text: 'Backends', width: '2fr' },
  { id: 'access', text: 'Who can open it', width: 172 },
  { id: 'recent', text: 'Last 30 min', width: 126 },
  { id: 'now', text: 'Now', width: 80 },
  { id: 'speed', text: 'Speed', width: 70 },
  { id: 'actions', text: 'Actions', width: 70 },
]

/** Columns go from the right as the window narrows: speed, then the line of the last half hour, then backends. */
function useColumns(): readonly ColumnShape[] {
  const gone: readonly (readonly [ColumnId, boolean])[] = [
    ['speed', useMedia('(max-width: 940px)')],
    ['recent', useMedia('(max-width: 820px)')],
    ['backends', useMedia('(max-width: 640px)')],
    ['now', useMedia('(max-width: 480px)')],
  ]
  return COLUMNS.filter(({ id }) => !gone.some(([other, missing]) => other === id && missing))
}

/**
 * The services with their live state. Enter opens one; what else can be done lies in the row's menu and in single keys.
 * Only the rows in sight are drawn: 200 of them at once took 2.4 s here.
 */
export function ServiceTable({ services }: { readonly services: readonly Service[] }) {
  const columns = useColumns()
  const menu = useRowMenu()
  return (
    <>
      <Virtualizer layout={TableLayout} layoutOptions={HEIGHTS}>
        <Table
          aria-label="Services"
          className="service-table"
          onRowAction={(id) => navigate({ screen: 'service', id: String(id) })}
          onContextMenu={(event) => menu.openFor(event)}
        >
          <TableHeader columns={columns}>
            {({ id, text, width }) => (
              <Column id={id} isRowHeader={id === 'service'} width={width} minWidth={60} className="service-column" data-column={id}>
                {id === 'actions' ? <span className="visually-hidden">{text}</span> : text}
              </Column>
            )}
          </TableHeader>
          <TableBody items={services} dependencies={[columns]}>
            {(service) => (
              <Row
                id={service.id}
                columns={columns}
                textValue={service.name ?? service.id}
                className="service-row"
                {...(service.enabled ? {} : { 'data-off': '' })}
              >
                {({ id }) => (
                  <Cell className="service-cell" data-column={id}>
                    <Content column={id} service={service} openMenu={menu.open} />
                  </Cell>
                )}
              </Row>
            )}
          </TableBody>
        </Table>
      </Virtualizer>
      <Popover
        aria-label="Actions"
        trigger="MenuTrigger"
        className="popover"
        triggerRef={menu.anchor}
        isOpen={menu.of !== null}
        onOpenChange={(open) => void (open || menu.close())}
        placement="bottom end"
        offset={4}
      >
        {menu.of !== null && <MenuList label="Actions" entries={menu.entries} onClose={menu.close} />}
      </Popover>
    </>
  )
}

const CELLS: Readonly<Record<Exclude<ColumnId, 'actions'>, ComponentType<{ readonly service: Service }>>> = {
  service: NameCell,
  backends: BackendsCell,
  access: AccessCell,
  recent: SparkCell,
  now: NowCell,
  speed: SpeedCell,
}

function Content({
  column,
  service,
  openMenu,
}: {
  readonly column: ColumnId
  readonly service: Service
  readonly openMenu: RowMenu['open']
}) {
  if (column === 'actions') return <ActionsCell service={service} openMenu={openMenu} />
  const Part = CELLS[column]
  return <Part service={service} />
}

const ActionsCell = memo(function ActionsCell({ service, openMenu }: { readonly service: Service; readonly openMenu: RowMenu['open'] }) {
  const address = useServiceStatus(service.id)?.addresses[0]
  const name = service.name ?? service.id
  return (
    <>
      {address !== undefined && (
        <span className="service-copy">
          <CopyButton text={address} label={`Copy address of ${name}`} size="normal" />
        </span>
      )}
      <IconButton
        icon={Ellipsis}
        label={`More actions for ${name}`}
        aria-haspopup="menu"
        data-row-menu=""
        onPress={(event) => openMenu(service.id, event.target)}
      />
    </>
  )
})
