import { Check } from 'lucide-react'
import { useInfo, useStatus } from '../../state/hooks'
import { sameList } from '../../state/store'
import { Icon } from '../../ui/icon'
import { StatusGlyph } from '../../ui/status-glyph'

/** What a first service needs, as far as it can be proven from here. */
export function Readiness() {
  const listeners = useStatus(({ status }) => (status?.listeners ?? []).filter(({ protocol }) => protocol === 'http'), sameList)
  const networks = useInfo()?.networks ?? []
  return (
    <ul className="readiness">
      {listeners.map(({ id, port, state, reason }) => (
        <li key={id}>
          {state === 'listening' ? (
            <span className="readiness-ok">
              <Icon of={Check} size={14} />
            </span>
          ) : (
            <StatusGlyph state="warn" />
          )}
          <span>
            <b>{state === 'listening' ? `Port ${port} is open` : `Port ${port} is not open`}</b>
            {state === 'listening' ? (port === 80 ? 'Web pages get ordinary addresses' : `Addresses end in :${port}`) : reason}
          </span>
        </li>
      ))}
      {networks.length > 0 && (
        <li>
          <span className="readiness-ok">
            <Icon of={Check} size={14} />
          </span>
          <span>
            <b>Your office network is known</b>
            {networks.slice(0, 3).join(', ')}
            {networks.length > 3 ? ` and ${networks.length - 3} more` : ''}
          </span>
        </li>
      )}
    </ul>
  )
}
