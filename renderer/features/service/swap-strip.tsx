import { Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import type { BackendStatus } from '../../../proxy/contract/status'
import { formatNumberOf } from '../../lib/format'
import { Banner } from '../../ui/banner'
import { Button } from '../../ui/button'
import type { BackendActions } from '../../state/backend-actions'

interface SwapStripProps {
  readonly service: Service
  readonly known: readonly BackendStatus[]
  readonly actions: BackendActions
}

/** Each swap that can still be taken back: how far it is, and what can be done. */
export function SwapStrips({ service, known, actions }: SwapStripProps) {
  return service.backends.map(({ id, replaces }) => {
    const old = service.backends.find((other) => other.id === replaces)
    // Where the old one works again, the swap was taken back by hand.
    if (old === undefined || old.state === 'active') return null
    const left = known.find((backend) => backend.id === old.id)?.inFlight ?? 0
    const draining = old.state === 'draining'
    return (
      <div key={id} className="swap-strip">
        <Banner
          tone={draining ? 'drain' : 'ok'}
          title={draining ? `Swapping ${old.id} for ${id}` : `${id} does the work of ${old.id}`}
          actions={
            <>
              <Button size="small" icon={Undo2} onPress={() => actions.undoSwap(service.id, id)}>
                Undo swap
              </Button>
              {!draining && (
                <Button size="small" icon={Trash2} onPress={() => actions.remove(service.id, old.id)}>
                  Remove {old.id}
                </Button>
              )}
            </>
          }
        >
          {draining && <DrainProgress left={left} label={`${old.id} is finishing what it has`} />}
          {draining
            ? `New requests already use ${id}. ${old.id} is finishing what it has: ${formatNumberOf(left, 'connection')} left, none dropped. If ${id} fails its checks in the first 30 seconds, the swap is taken back by itself.`
            : `${old.id} gets no requests and can be switched off. Undo brings it back.`}
        </Banner>
      </div>
    )
  })
}

/** How much of what ran when this was first seen is done. */
function DrainProgress({ left, label }: { readonly left: number; readonly label: string }) {
  const [most, setMost] = useState(left)
  if (left > most) setMost(left)
  const done = most === 0 ? 100 : Math.round(((most - left) / most) * 100)
  return <progress className="drain-progress" aria-label={label} max={100} value={done} />
}
