import { ListX, Pause, Play } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { formatCount, formatNumberOf } from '../../lib/format'
import { useAccessActions } from '../../state/access-actions'
import { useConfig } from '../../state/hooks'
import { overlayIsOpen, useShortcuts } from '../../state/shortcuts'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { Footer } from '../../ui/footer'
import { Screen } from '../../ui/screen'
import { SearchField } from '../../ui/search-field'
import { Segmented } from '../../ui/segmented'
import { Select } from '../../ui/select'
import { SkeletonRows } from '../../ui/skeleton'
import { LogTable } from './log-table'
import { RequestDrawer } from './request-drawer'
import { type LogFilter, SHOWN, useLog } from './use-log'
import './activity.css'

const NO_FILTER: LogFilter = { service: '', status: 'all', text: '' }

/** `#/activity`: every request as it comes, why it was let in or refused, and what can be done about its sender. */
export function ActivityScreen() {
  const services = useConfig()?.config.services
  const [filter, setFilter] = useState(NO_FILTER)
  const [paused, setPaused] = useState(false)
  const [open, setOpen] = useState<string | null>(null)
  const [heldAt, setHeldAt] = useState(0)
  const search = useRef<HTMLInputElement>(null)
  const actions = useAccessActions()
  const held = paused || open !== null
  const { rows, count } = useLog(filter, held)
  const at = rows?.findIndex(({ ref }) => ref === open) ?? -1
  const row = at === -1 ? undefined : rows?.[at]
  const waiting = held ? Math.max(0, count - heldAt) : 0
  const nameOf = useMemo(
    () =>
      (id: string | null): string =>
        id === null ? 'None' : (services?.find((service) => service.id === id)?.name ?? id),
    [services],
  )
  const set = (change: Partial<LogFilter>): void => setFilter({ ...filter, ...change })

  function show(ref: string | null): void {
    if (!held) setHeldAt(count)
    setOpen(ref)
  }

  function hold(): void {
    if (!held) setHeldAt(count)
    setPaused(!paused)
  }

  /** The row that a letter acts on: the open one, or the one with the focus. */
  function target(): string | undefined {
    const ref = row?.ref ?? document.activeElement?.closest('[data-ref]')?.getAttribute('data-ref')
    return rows?.find((other) => other.ref === ref)?.client
  }

  useShortcuts({
    ' ': (event) => (event.target instanceof Element && event.target.closest('button, [role=row], [role=radio]') ? false : hold()),
    '/': () => search.current?.focus(),
    b: () => {
      const client = target()
      if (client === undefined || /^(?:127\.|::1$)/.test(client)) return false
      return actions.block(client, 'day')
    },
    i: () => {
      const client = target()
      return client === undefined ? false : set({ text: client })
    },
    Escape: () => (overlayIsOpen() || open === null ? false : setOpen(null)),
  })

  return (
    <Screen
      title="Activity"
      fill
      actions={
        <Button icon={paused ? Play : Pause} keys="Space" onPress={hold}>
          {paused ? 'Go on' : 'Pause'}
        </Button>
      }
      footer={
        <Footer
          hints={[
            ['Block', 'B'],
            ['Only this address', 'I'],
            ['Filter', '/'],
          ]}
        >
          {held ? `Holding still while you read${waiting > 0 ? `, ${formatNumberOf(waiting, 'new request')}` : ''}` : ''}
        </Footer>
      }
    >
      <div className="log-bar">
        <div className="log-search">
          <SearchField
            label="Address, path, host or reference"
            value={filter.text}
            onChange={(text) => set({ text })}
            keys="/"
            inputRef={search}
          />
        </div>
        <Segmented
          label="Outcome"
          size="small"
          options={[
            { id: 'all', text: 'All' },
            { id: 'refused', text: 'Refused' },
            { id: 'failed', text: 'Failed' },
          ]}
          value={filter.status}
          onChange={(status) => set({ status })}
        />
        <Select
          aria-label="Service"
          size="small"
          options={[{ id: '', text: 'Every service' }, ...(services ?? []).map(({ id, name }) => ({ id, text: name ?? id }))]}
          value={filter.service}
          onChange={(service) => set({ service })}
        />
        <output className="small quiet">
          {rows === null ? '' : rows.length === SHOWN ? `Newest ${formatCount(SHOWN)}` : `${formatCount(rows.length)} match`}
        </output>
      </div>
      <div className="log-and-drawer">
        <div className="log-scroll">
          {rows === null ? (
            <SkeletonRows rows={8} label="Loading requests" />
          ) : rows.length > 0 ? (
            <LogTable rows={rows} nameOf={nameOf} open={open} onOpen={show} />
          ) : (
            <EmptyState
              icon={ListX}
              title={filter === NO_FILTER ? 'No requests yet' : 'No requests match'}
              actions={filter === NO_FILTER ? undefined : <Button onPress={() => setFilter(NO_FILTER)}>Show all</Button>}
            >
              {filter === NO_FILTER
                ? 'Open a service’s address to send the first one.'
                : 'Remove a filter. The log holds the newest 10,000 requests, and begins anew when the gateway starts.'}
            </EmptyState>
          )}
        </div>
        {row !== undefined && (
          <RequestDrawer
            row={row}
            serviceName={nameOf(row.service)}
            alike={rows?.filter(({ client }) => client === row.client).length ?? 0}
            onStep={(step) => show(rows?.[at + step]?.ref ?? open)}
            onClose={() => setOpen(null)}
            onOnly={() => set({ text: row.client })}
          />
        )}
      </div>
    </Screen>
  )
}
