import { useCallback, useEffect, useRef, useState } from 'react'
import type { Discovered } from '../../../proxy/contract/calls/doctor'
import { CallError } from '../../../proxy/contract/failure'
import { useClient } from '../../state/hooks'

interface Scan {
  readonly scanning: boolean
  readonly found: readonly Discovered[]
  readonly checked: number
  /** Of the last scan, in ms; null before the first ended. */
  readonly duration: number | null
  readonly problem: string | null
}

/** Looks for web services on the gateway's machine: at once, on demand, and when the person comes back to the window. */
export function useScan(): Scan & { readonly again: () => void } {
  const client = useClient()
  const [scan, setScan] = useState<Scan>({ scanning: true, found: [], checked: 0, duration: null, problem: null })
  const running = useRef(false)

  const again = useCallback(() => {
    if (running.current) return
    running.current = true
    setScan((before) => ({ ...before, scanning: true }))
    client
      .call('discovery.scan', {})
      .then(({ found, checked, duration }) => setScan({ scanning: false, found, checked, duration, problem: null }))
      .catch((error: unknown) => {
        if (!(error instanceof CallError)) throw error
        setScan((before) => ({ ...before, scanning: false, problem: error.message }))
      })
      .finally(() => {
        running.current = false
      })
  }, [client])

  useEffect(() => {
    again()
    const back = (): void => void (document.hidden || again())
    document.addEventListener('visibilitychange', back)
    return () => document.removeEventListener('visibilitychange', back)
  }, [again])

  return { ...scan, again }
}
