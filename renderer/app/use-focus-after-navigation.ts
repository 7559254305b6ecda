import { useEffect, useRef } from 'react'

/** Gives the screen's heading the focus whenever another screen is shown, so that a screen reader says where one is. */
export function useFocusAfterNavigation(place: string): void {
  const before = useRef(place)
  useEffect(() => {
    if (before.current === place) return
    before.current = place
    const heading = document.querySelector<HTMLElement>('main h1')
    // A screen that put the focus into its first field knows better.
    if (!document.activeElement?.closest('main input')) heading?.focus()
  }, [place])
}
