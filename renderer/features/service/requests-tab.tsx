import { ListX, Pause, Play } from 'lucide-react'
import { useRef, useState } from 'react'
import type { ServiceStatus } from '../../../proxy/contract/status'
import { formatCount, formatNumberOf } from '../../lib/format'
import { useShortcuts } from '../../state/shortcuts'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { SearchField } from '../../ui/search-field'
import { SkeletonRows } from '../../ui/skeleton'
import { RequestsTable } from './requests-table'
import { useRequests } from './use-requests'

interface RequestsTabProps {
  readonly id: string
  readonly status: ServiceStatus | null
  readonly live: boolean
  /** Connections instead of requests. */
  readonly isStream: boolean
}

/** The newest requests of a service as they come; Space holds them still. */
export function RequestsTab({ id, status, live, isStream }: RequestsTabProps) {
  const [ref, setRef] = useState('')
  const [heldAt, setHeldAt] = useState<number | null>(null)
  const search = useRef<HTMLInputElement>(null)
  const one = isStream ? 'connection' : 'request'
  const count = status?.traffic.requests ?? 0
  const wanted = ref.trim()
  const rows = useRequests(id, wanted, heldAt ?? count)
  const waiting = heldAt === null ? 0 : Math.max(0, count - heldAt)
  const hold = (): void => setHeldAt(heldAt === null ? count : null)

  useShortcuts({
    ' ': (event) => (event.target instanceof Element && event.target.closest('button, [role=tab]') ? false : hold()),
    '/': () => search.current?.focus(),
  })

  return (
    <section aria-label={isStream ? 'Connections' : 'Requests'}>
      <div className="requests-bar">
        <div className="requests-search">
          <SearchField label="Reference from an error page" value={ref} onChange={setRef} keys="/" inputRef={search} />
        </div>
        <output className="small quiet">
          {heldAt === null
            ? rows && wanted === ''
              ? `Newest ${formatCount(rows.length)}`
              : ''
            : waiting > 0
              ? `${formatNumberOf(waiting, one)} waiting`
              : 'Paused'}
        </output>
        <Button size="small" icon={heldAt === null ? Pause : Play} keys="Space" isDisabled={!live && heldAt === null} onPress={hold}>
          {heldAt === null ? 'Pause' : 'Go on'}
        </Button>
      </div>
      {rows === null ? (
        <SkeletonRows rows={5} label={`Loading ${one}s`} />
      ) : rows.length > 0 ? (
        <RequestsTable rows={rows} />
      ) : (
        <EmptyState icon={ListX} title={wanted === '' ? `No ${one}s yet` : `No ${one} has this reference`}>
          {wanted === ''
            ? isStream
              ? 'The first one shows here once it has ended.'
              : 'Open the address to send the first one.'
            : 'The log holds the newest ones only, and begins anew when the gateway starts.'}
        </EmptyState>
      )}
    </section>
  )
}
