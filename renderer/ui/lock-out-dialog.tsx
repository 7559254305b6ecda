import type { AccessImpact } from '../../proxy/contract/access-api'
import { formatMoment, formatNumberOf } from '../lib/format'
import { useNow } from '../state/clock'
import { ConfirmDialog } from './dialog'

interface LockOutDialogProps {
  /** Null: nothing is asked. */
  readonly impact: AccessImpact | null
  readonly nameOf: (service: string) => string
  readonly onSave: () => void
  readonly onCancel: () => void
}

const SHOWN = 5

/** Asks before addresses that were let in lately are locked out, which and how many, and before open connections end. */
export function LockOutDialog({ impact, nameOf, onSave, onCancel }: LockOutDialogProps) {
  const now = useNow()
  const rows = impact?.addresses ?? []
  const running = impact?.running ?? 0
  return (
    <ConfirmDialog
      title={
        rows.length > 0
          ? `Lock out ${formatNumberOf(impact?.total ?? 0, 'address', 'addresses')} in use?`
          : `End ${formatNumberOf(running, 'open connection')}?`
      }
      confirm="Save all the same"
      cancel="Go back"
      harmful
      isOpen={impact !== null}
      onConfirm={onSave}
      onCancel={onCancel}
    >
      {rows.length > 0 && <p>Let in during the last hour, and refused by these rules:</p>}
      <ul className="lock-out-list">
        {rows.slice(0, SHOWN).map(({ address, service, requests, lastSeen, console }) => (
          <li key={`${address} ${service}`}>
            <span className="mono strong">{address}</span>
            <span className="second">
              {nameOf(service)}
              {console ? ', this console’s own address' : ''}
              {lastSeen === null ? '' : `, ${formatNumberOf(requests, 'request')}, last at ${formatMoment(lastSeen, now)}`}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > SHOWN && <p className="second">and {rows.length - SHOWN} more.</p>}
      {running > 0 && (
        <p>
          {formatNumberOf(running, 'open connection ends', 'open connections end')} within a second: what let{' '}
          {running === 1 ? 'it' : 'them'} in is no longer so.
        </p>
      )}
    </ConfirmDialog>
  )
}
