import { useEffect, useState } from 'react'

/** True once `now` has been true for `delay` ms: what passes by quickly is not worth a word. */
export function useLater(now: boolean, delay: number): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => setLate(now), now ? delay : 0)
    return () => window.clearTimeout(timer)
  }, [now, delay])
  return now && late
}
