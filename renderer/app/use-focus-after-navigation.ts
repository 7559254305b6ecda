import { useEffect, useRef } from 'react'

/**
 * Gives the screen's heading the focus whenever another screen is shown, so that a screen reader says where one is; and
 * again when that heading gives way to another (a screen that was still loading) before anything was pressed.
 */
export function useFocusAfterNavigation(place: string): void {
  const before = useRef(place)
  const given = useRef<HTMLElement | null>(null)

  useEffect(() => {
    if (before.current === place) return
    before.current = place
    // A screen that put the focus into its first field knows better.
    given.current = document.activeElement?.closest('main input') ? null : focusHeading()
  }, [place])

  useEffect(() => {
    const main = document.querySelector('main')
    const observer = new MutationObserver(() => {
      if (given.current?.isConnected === false && document.activeElement === document.body) given.current = focusHeading()
    })
    if (main) observer.observe(main, { childList: true, subtree: true })
    const leave = (): void => {
      given.current = null
    }
    document.addEventListener('keydown', leave, true)
    document.addEventListener('pointerdown', leave, true)
    return () => {
      observer.disconnect()
      document.removeEventListener('keydown', leave, true)
      document.removeEventListener('pointerdown', leave, true)
    }
  }, [])
}

function focusHeading(): HTMLElement | null {
  const heading = document.querySelector<HTMLElement>('main h1')
  heading?.focus()
  return heading
}
