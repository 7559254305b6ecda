import { Copy, CopyPlus, ExternalLink, Pencil, Power, PowerOff, Trash2 } from 'lucide-react'
import { type MouseEvent, type RefObject, useCallback, useMemo, useRef, useState } from 'react'
import { isWebAddress } from '../../../proxy/contract/web-address'
import { navigate } from '../../state/route'
import { type ServiceActions, useServiceActions } from '../../state/service-actions'
import { type Session, useSession } from '../../state/session'
import { copyText } from '../../ui/copy-button'
import { openOutside } from '../../ui/link'
import type { MenuEntry } from '../../ui/menu'
import { showToast } from '../../ui/toast'

/** The one menu of all rows: whose it is, where it hangs, what it offers. */
export interface RowMenu {
  readonly of: string | null
  readonly anchor: RefObject<Element | null>
  readonly entries: readonly MenuEntry[]
  readonly open: (id: string, anchor: Element) => void
  /** Opens it for the row that a right press hit. */
  readonly openFor: (event: MouseEvent) => void
  readonly close: () => void
}

export function useRowMenu(): RowMenu {
  const session = useSession()
  const actions = useServiceActions()
  const [of, setOf] = useState<string | null>(null)
  const anchor = useRef<Element | null>(null)
  const open = useCallback((id: string, at: Element) => {
    anchor.current = at
    setOf(id)
  }, [])
  const openFor = useCallback(
    (event: MouseEvent) => {
      const row = event.target instanceof Element ? rowAt(event.target) : null
      if (!row) return
      event.preventDefault()
      open(row.id, row.anchor)
    },
    [open],
  )
  const close = useCallback(() => setOf(null), [])
  const entries = useMemo(() => (of === null ? [] : entriesFor(of, session, actions)), [of, session, actions])
  return { of, anchor, entries, open, openFor, close }
}

/** The row that an element lies in, and the button its menu hangs on. */
export function rowAt(element: Element): { id: string; anchor: Element } | null {
  const row = element.closest('[role=row][data-key]')
  const id = row?.getAttribute('data-key')
  const anchor = row?.querySelector('[data-row-menu]') ?? row
  return id === null || id === undefined || !anchor ? null : { id, anchor }
}

/** Copies a service's best address and says which. */
export function copyAddress(session: Session, id: string): void {
  const address = addressOf(session, id)
  if (address === null) return
  void copyText(address).then((done) => done && showToast({ tone: 'ok', text: 'Address copied', detail: address }))
}

function addressOf(session: Session, id: string): string | null {
  return session.status.get().status?.services.find((service) => service.id === id)?.addresses[0] ?? null
}

function entriesFor(id: string, session: Session, actions: ServiceActions): readonly MenuEntry[] {
  const service = session.config.get()?.config.services.find((other) => other.id === id)
  const address = addressOf(session, id)
  if (!service) return []
  return [
    ...(address === null
      ? []
      : [
          ...(isWebAddress(address) ? [{ id: 'open', text: 'Open address', icon: ExternalLink, run: () => openOutside(address) }] : []),
          { id: 'copy', text: 'Copy address', icon: Copy, keys: 'C', run: () => copyAddress(session, id) },
          '-' as const,
        ]),
    { id: 'edit', text: 'Edit', icon: Pencil, keys: 'E', run: () => navigate({ screen: 'edit', id }) },
    { id: 'clone', text: 'Clone', icon: CopyPlus, run: () => actions.clone(id) },
    service.enabled
      ? { id: 'off', text: 'Switch off', icon: PowerOff, run: () => actions.setEnabled(id, false) }
      : { id: 'on', text: 'Switch on', icon: Power, run: () => actions.setEnabled(id, true) },
    '-',
    { id: 'delete', text: 'Delete', icon: Trash2, tone: 'danger', run: () => actions.remove(id) },
  ]
}
