import { useCallback } from 'react'
import { endedDetail } from '../lib/ended-words'
import { showToast } from '../ui/toast'
import type { Change, Mutate } from './config'
import { useSession } from './session'

/** Saves a change and says so, with Undo; a refused one is said too, and nothing was changed. */
export type Save = (summary: string, mutate: Mutate) => Promise<Change>

export function useSave(): Save {
  const { config } = useSession()
  return useCallback(
    async (summary, mutate) => {
      const change = await config.change(summary, mutate)
      if (change.ok)
        void change.undone.then(
          showToast({ tone: 'ok', text: summary, ...endedDetail(change.ended), action: { label: 'Undo', run: () => void change.undo() } }),
        )
      else showToast({ tone: 'down', text: 'Nothing was changed.', detail: change.issues[0]?.message ?? change.message })
      return change
    },
    [config],
  )
}
