import { History } from 'lucide-react'
import { useState } from 'react'
import type { RevisionRow } from '../../../proxy/contract/calls/history'
import { formatClock, formatDay } from '../../lib/format'
import { useNow } from '../../state/clock'
import { EmptyState } from '../../ui/empty-state'
import { SkeletonRows } from '../../ui/skeleton'
import { byWhom } from './by-whom'
import { RevisionDetail } from './revision-detail'
import { useHistory } from './use-history'

/** Every saved version: who, when and what, and the way back. */
export function HistoryTab() {
  const rows = useHistory()
  const [chosen, setChosen] = useState<string | null>(null)
  if (rows === null) return <SkeletonRows rows={5} label="Loading history" />
  const selected = rows.find(({ revision }) => revision === chosen) ?? rows[0]
  if (!selected)
    return (
      <EmptyState icon={History} title="No history yet">
        Changes you make appear here.
      </EmptyState>
    )
  return (
    <div className="history">
      <ol className="history-list" aria-label="Versions, newest first">
        {rows.map((row, at) => (
          <Version
            key={row.revision}
            row={row}
            former={rows[at - 1] ?? null}
            selected={row === selected}
            onSelect={() => setChosen(row.revision)}
          />
        ))}
      </ol>
      <RevisionDetail key={selected.revision} rows={rows} selected={selected} />
    </div>
  )
}

interface VersionProps {
  readonly row: RevisionRow
  /** The one above it in the list. */
  readonly former: RevisionRow | null
  readonly selected: boolean
  readonly onSelect: () => void
}

function Version({ row, former, selected, onSelect }: VersionProps) {
  const now = useNow()
  const day = formatDay(row.at, now)
  return (
    <li>
      {(former === null || formatDay(former.at, now) !== day) && <p className="history-day">{day}</p>}
      <button type="button" className="history-version" aria-current={selected} onClick={onSelect}>
        <span className="history-time">{formatClock(row.at)}</span>
        <span className="history-dot" data-current={row.current} />
        <span className="column">
          <span className="row">
            <span className="strong truncate">{row.summary}</span>
            {row.current && <span className="history-now">Now</span>}
          </span>
          <span className="small quiet truncate history-by">{byWhom(row.by)}</span>
        </span>
      </button>
    </li>
  )
}
