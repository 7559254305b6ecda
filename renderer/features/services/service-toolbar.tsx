import type { RefObject } from 'react'
import { formatCount } from '../../lib/format'
import { countServices, type ServiceCounts } from '../../lib/service-counts'
import { useConfig, useStatus } from '../../state/hooks'
import { SearchField } from '../../ui/search-field'
import { Segmented } from '../../ui/segmented'
import { StateText } from '../../ui/status-glyph'
import { groupOf, type ServiceGroup, type Show } from './service-filter'
import './service-toolbar.css'

const GROUPS: readonly { readonly id: ServiceGroup; readonly text: string }[] = [
  { id: 'web', text: 'Web pages' },
  { id: 'files', text: 'Files' },
  { id: 'machines', text: 'Machines' },
]

interface ServiceToolbarProps {
  readonly show: Show
  readonly onShow: (show: Show) => void
  readonly query: string
  readonly onQuery: (query: string) => void
  readonly filter: RefObject<HTMLInputElement | null>
}

/** What narrows the list, and how the services are in sum. */
export function ServiceToolbar({ show, onShow, query, onQuery, filter }: ServiceToolbarProps) {
  const services = useConfig()?.config.services ?? []
  const running = useStatus(({ status }) => status?.engine.state === 'running')
  const counts = useStatus(({ status }) => countServices(status?.services ?? []), sameCounts)
  const troubled = running ? counts.down + counts.attention : 0
  const off = services.filter(({ enabled }) => !enabled).length
  const groups = GROUPS.map((group) => ({ ...group, count: services.filter(({ type }) => groupOf(type) === group.id).length })).filter(
    ({ id, count }) => count > 0 || show === id,
  )
  const options: readonly { readonly id: Show; readonly text: string; readonly count: number }[] = [
    { id: 'all', text: 'All', count: services.length },
    ...(groups.length > 1 ? groups : []),
    ...(troubled > 0 || show === 'attention' ? [{ id: 'attention' as const, text: 'Need attention', count: troubled }] : []),
    ...(off > 0 || show === 'off' ? [{ id: 'off' as const, text: 'Off', count: off }] : []),
  ]
  return (
    <div className="service-toolbar">
      {options.length > 1 && <Segmented label="Show" size="small" value={show} onChange={onShow} options={options} />}
      <SearchField label="Filter" value={query} onChange={onQuery} keys="/" inputRef={filter} />
      {running && <Summary counts={counts} off={off} />}
    </div>
  )
}

function Summary({ counts, off }: { readonly counts: ServiceCounts; readonly off: number }) {
  const parts = [
    { state: 'down', count: counts.down, text: 'down' },
    { state: 'warn', count: counts.attention, text: counts.attention === 1 ? 'needs attention' : 'need attention' },
    { state: 'checking', count: counts.checking, text: 'checking' },
    { state: 'ok', count: counts.online, text: 'online' },
    { state: 'off', count: off, text: 'off' },
  ] as const
  return (
    <div className="service-summary">
      {parts
        .filter(({ count }) => count > 0)
        .map(({ state, count, text }) => (
          <StateText key={text} state={state} size="small">
            {formatCount(count)} {text}
          </StateText>
        ))}
    </div>
  )
}

function sameCounts(a: ServiceCounts, b: ServiceCounts): boolean {
  return a.down === b.down && a.attention === b.attention && a.checking === b.checking && a.online === b.online && a.off === b.off
}
