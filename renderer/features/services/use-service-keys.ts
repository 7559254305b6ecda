import { type RefObject, useRef } from 'react'
import { navigate } from '../../state/route'
import { useSession } from '../../state/session'
import { type ShortcutAction, useShortcuts } from '../../state/shortcuts'
import { copyAddress, rowAt } from './use-row-menu'

/** The list's keys; those of a row act on the one with the focus. Returns the place of the filter, which `/` leads to. */
export function useServiceKeys(): RefObject<HTMLInputElement | null> {
  const session = useSession()
  const filter = useRef<HTMLInputElement>(null)
  useShortcuts({
    n: () => navigate({ screen: 'expose', url: '', name: '' }),
    '/': () => filter.current?.focus(),
    e: onRow((id) => navigate({ screen: 'edit', id })),
    c: onRow((id) => copyAddress(session, id)),
    'Shift+F10': openMenu,
    ContextMenu: openMenu,
  })
  return filter
}

function onRow(act: (id: string, anchor: Element) => void): ShortcutAction {
  return (event) => {
    const row = event.target instanceof Element ? rowAt(event.target) : null
    return row ? act(row.id, row.anchor) : false
  }
}

/** As a right press does, and as the system does with these keys where the page lets it. */
const openMenu = onRow((_, anchor) => void anchor.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })))
