import { useState } from 'react'
import type { AccessImpact } from '../../proxy/contract/access-api'
import type { Mutate } from './config'
import { lockedOut } from './lock-out'
import { useSave } from './save'
import { useSession } from './session'

/** Saving rules: at once, unless somebody who was let in lately would be locked out; then it is asked first. */
export interface SaveAccess {
  readonly save: (summary: string, mutate: Mutate) => Promise<void>
  readonly impact: AccessImpact | null
  readonly goOn: () => void
  readonly goBack: () => void
}

export function useSaveAccess(): SaveAccess {
  const { client, config } = useSession()
  const save = useSave()
  const [waiting, setWaiting] = useState<{ readonly summary: string; readonly mutate: Mutate; readonly impact: AccessImpact } | null>(null)
  return {
    impact: waiting?.impact ?? null,
    async save(summary, mutate) {
      const now = config.get()
      const impact = now === null ? null : await lockedOut(client, mutate(now.document))
      if (impact === null) await save(summary, mutate)
      else setWaiting({ summary, mutate, impact })
    },
    goOn() {
      setWaiting(null)
      if (waiting) void save(waiting.summary, waiting.mutate)
    },
    goBack: () => setWaiting(null),
  }
}
