import { useEffect } from 'react'
import { useSession } from '../../state/session'

const EVERY = 2_000
/** The answer names every service: with many of them it is asked for less often. */
const PER_SERVICE = 5

/** Keeps checks and counts of backends fresh, which no event tells, while this screen can be seen. */
export function useFreshStatus(): void {
  const { client, status } = useSession()
  useEffect(() => {
    let timer = 0
    const wait = (): void => {
      timer = window.setTimeout(() => void again(), Math.max(EVERY, PER_SERVICE * (status.get().status?.services.length ?? 0)))
    }
    const again = async (): Promise<void> => {
      if (!document.hidden) await status.refresh()
      if (timer !== -1) wait()
    }
    wait()
    // A proof is rare news, and who verifies waits for it.
    const unhear = client.on('lockdown', () => void status.refresh())
    return () => {
      unhear()
      window.clearTimeout(timer)
      timer = -1
    }
  }, [client, status])
}
