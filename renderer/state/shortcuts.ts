import { useEffect, useRef } from 'react'
import { createStore } from './store'

/** What a key does. `false`: not for this one after all; the key goes on its way. */
export type ShortcutAction = (event: KeyboardEvent) => void | false

type Shortcuts = Readonly<Record<string, ShortcutAction>>

const STORE = 'astrorelay-single-keys'
const layers: { current: Shortcuts }[] = []

/** Whether single letters act (WCAG 2.1.4: they can be switched off). */
export const singleKeysStore = createStore(localStorage.getItem(STORE) !== 'off')

/** Switches single letters on or off and remembers it. */
export function chooseSingleKeys(on: boolean): void {
  localStorage.setItem(STORE, on ? 'on' : 'off')
  singleKeysStore.set(on)
}

/**
 * Keys that act while this component is shown: `n`, `/`, `Mod+k`, `Mod+Shift+z` (Mod: Ctrl, on macOS Cmd). The component
 * shown last goes first. Single characters rest while a text field, menu, list box or dialog has the focus.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const layer = useRef(shortcuts)
  useEffect(() => {
    layer.current = shortcuts
  })
  useEffect(() => {
    layers.push(layer)
    return () => void layers.splice(layers.indexOf(layer), 1)
  }, [])
}

// While capturing, before React's own listeners: type-ahead in a table would otherwise take the letter for a search.
document.addEventListener(
  'keydown',
  (event) => {
    const key = nameKey(event)
    if (event.defaultPrevented || event.isComposing || (isSingle(key) && !singleKeysMayAct(event.target))) return
    for (const layer of layers.toReversed()) {
      const action = layer.current[key]
      if (!action || action(event) === false) continue
      event.preventDefault()
      event.stopPropagation()
      return
    }
  },
  true,
)

/** A key press as shortcuts are written. */
export function nameKey(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const letter = event.key.length === 1 ? event.key.toLowerCase() : event.key
  const shift = event.shiftKey && (event.key.length > 1 || /[a-z]/i.test(event.key))
  return [event.ctrlKey || event.metaKey ? 'Mod+' : '', event.altKey ? 'Alt+' : '', shift ? 'Shift+' : '', letter].join('')
}

/** Whether what has the focus takes typed text. */
export function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button])'))
  )
}

function isSingle(key: string): boolean {
  return key.length === 1
}

function singleKeysMayAct(target: EventTarget | null): boolean {
  if (!singleKeysStore.get() || isTextField(target)) return false
  if (dialogIsOpen()) return false
  return !(target instanceof Element && target.closest('[role=menu], [role=listbox]'))
}

/** Whether something lies over the screen that Escape closes first. */
export function overlayIsOpen(): boolean {
  return dialogIsOpen() || document.querySelector('[role=menu], [role=listbox]') !== null
}

/** Toasts have the role of a dialog, too, but take nothing from the screen below them. */
function dialogIsOpen(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog]:not(.toast)') !== null
}
