import type { HealthHistory } from '../../../proxy/contract/health-history'
import { formatMoment, formatSpan, reasonSentence } from '../../lib/format'
import { useNow } from '../../state/clock'
import { StateText } from '../../ui/status-glyph'

const SHOWN = 5

/** What went wrong in the last 24 hours, newest first; nothing where nothing did. */
export function Incidents({ history }: { readonly history: HealthHistory | null }) {
  const now = useNow()
  if (history === null || history.incidents.length === 0) return null
  const ids = history.backends.map(({ id }) => id)
  return (
    <section aria-label="What happened">
      <div className="overview-head">
        <h2>What happened</h2>
        <span className="small quiet">in the last 24 hours</span>
      </div>
      <ul className="incidents">
        {history.incidents.slice(0, SHOWN).map(({ from, to, state, reason }) => (
          <li key={from}>
            <span className="incident-at second">{formatMoment(from, now)}</span>
            <StateText state={state === 'down' ? 'down' : 'warn'} size="small">
              {state === 'down' ? 'Down' : 'Needed attention'}{' '}
              {to === null ? `for ${formatSpan(now - from)}, still` : `for ${formatSpan(to - from)}`}
            </StateText>
            <span className="small second wrap-anywhere">{reasonSentence(reason, ids)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
