import { useCallback } from 'react'
import { CallError } from '../../proxy/contract/failure'
import { showToast } from '../ui/toast'
import { useClient } from './hooks'

export type EngineAction = 'start' | 'stop' | 'restart'

/** Starts, stops or restarts the gateway; says why where that failed. */
export function useEngineActions(): (action: EngineAction) => void {
  const client = useClient()
  return useCallback(
    (action) => {
      client.call(`engine.${action}`, {}).catch((error: unknown) => {
        if (!(error instanceof CallError)) throw error
        showToast({ tone: 'down', text: `The gateway did not ${action}.`, detail: error.message })
      })
    },
    [client],
  )
}
