import { ArrowRight, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import type { RevisionRow } from '../../../proxy/contract/calls/history'
import { CallError } from '../../../proxy/contract/failure'
import { formatClock, formatMoment, formatNumberOf } from '../../lib/format'
import { useNow } from '../../state/clock'
import { useClient } from '../../state/hooks'
import { Button } from '../../ui/button'
import { ConfirmDialog } from '../../ui/dialog'
import { Icon } from '../../ui/icon'
import { showToast } from '../../ui/toast'
import { byWhom } from './by-whom'
import { documentChanges } from './model/changes'
import { useRevisionPair } from './use-history'

interface RevisionDetailProps {
  readonly rows: readonly RevisionRow[]
  readonly selected: RevisionRow
}

/** What one version changed, and the way back to it. */
export function RevisionDetail({ rows, selected }: RevisionDetailProps) {
  const client = useClient()
  const now = useNow()
  const [asking, setAsking] = useState(false)
  const at = rows.indexOf(selected)
  const newer = rows.slice(0, at)
  const pair = useRevisionPair(selected.revision, rows[at + 1]?.revision ?? null)
  const changes = pair && pair.before !== undefined ? documentChanges(pair.before, pair.document) : []
  const moment = formatMoment(selected.at, now)

  async function restore(revision: string, said: string, undoTo: string | null): Promise<void> {
    setAsking(false)
    try {
      await client.call('history.restore', { revision })
      showToast({
        tone: 'ok',
        text: said,
        ...(undoTo === null ? {} : { action: { label: 'Undo', run: () => void restore(undoTo, 'Took it back', null) } }),
      })
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      showToast({ tone: 'down', text: 'Nothing was changed.', detail: error.issues[0]?.message ?? error.message })
    }
  }

  return (
    <section className="revision" aria-label={selected.summary}>
      <div className="revision-head">
        <div className="grow">
          <h2 className="wrap-anywhere">{selected.summary}</h2>
          <p className="small quiet">
            {moment}, {byWhom(selected.by)}, version {selected.revision}
          </p>
        </div>
        {!selected.current && (
          <Button icon={RotateCcw} onPress={() => setAsking(true)}>
            Restore this version
          </Button>
        )}
      </div>
      {pair && pair.before === undefined && <p className="second">The first version that is kept.</p>}
      {pair && pair.before !== undefined && changes.length === 0 && (
        <p className="second">Nothing but the order or the spelling changed.</p>
      )}
      <dl className="changes">
        {changes.map(({ place, before, after }) => (
          <div key={place}>
            <dt className="wrap-anywhere">{place}</dt>
            <dd className="wrap-anywhere">
              {before === null ? <span className="quiet">added</span> : <del>{before}</del>}
              <Icon of={ArrowRight} size={14} />
              {after === null ? <span className="quiet">removed</span> : <ins>{after}</ins>}
            </dd>
          </div>
        ))}
      </dl>
      <ConfirmDialog
        title={`Go back to ${moment}?`}
        confirm="Restore"
        isOpen={asking}
        onCancel={() => setAsking(false)}
        onConfirm={() => void restore(selected.revision, `Restored ${moment}`, rows.find(({ current }) => current)?.revision ?? null)}
      >
        This also takes back the {formatNumberOf(newer.length, 'change')} made since:
        <ul className="restore-list">
          {newer.slice(0, 6).map((row) => (
            <li key={row.revision}>
              {formatClock(row.at)} {row.summary}
            </li>
          ))}
          {newer.length > 6 && <li>and {newer.length - 6} more</li>}
        </ul>
        You can undo this afterwards.
      </ConfirmDialog>
    </section>
  )
}
