import { ArrowLeftRight, CircleDashed, Pause, Play, RefreshCw, Scissors, Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import type { Service } from '../../../proxy/contract/config/service'
import { healthKind } from '../../../proxy/contract/health-kind'
import type { BackendStatus } from '../../../proxy/contract/status'
import { type BackendActions, useBackendActions } from '../../state/backend-actions'
import { type ShortcutAction, useShortcuts } from '../../state/shortcuts'
import type { MenuEntry } from '../../ui/menu'
import { showToast } from '../../ui/toast'

/** What waits for an answer before it is done. */
export interface Question {
  readonly about: 'cut' | 'swap' | 'last' | 'last-at-once'
  readonly backend: string
  /** What ran on it when the question was asked. */
  readonly open: number
}

export interface BackendMenu {
  readonly actions: BackendActions
  readonly entriesOf: (backend: string) => readonly MenuEntry[]
  readonly question: Question | null
  readonly ask: (about: Question['about'], backend: string) => void
  readonly answered: () => void
}

/** What the rows of the backends offer, by menu and by key; a key acts on the row with the focus. */
export function useBackendMenu(service: Service, known: readonly BackendStatus[]): BackendMenu {
  const actions = useBackendActions()
  const [question, setQuestion] = useState<Question | null>(null)
  const statusOf = (id: string): BackendStatus | undefined => known.find((backend) => backend.id === id)
  const stateOf = (id: string) => service.backends.find((backend) => backend.id === id)?.state ?? 'active'
  const ask = (about: Question['about'], backend: string): void => setQuestion({ about, backend, open: statusOf(backend)?.inFlight ?? 0 })
  const isSwapped = (id: string): boolean =>
    service.backends.some(({ replaces, id: own }) => replaces !== undefined && (own === id || replaces === id))

  /** Asks first where nobody else would be left to answer. */
  function takeOut(id: string, to: 'draining' | 'maintenance'): void {
    const others = service.backends.some(
      (backend) => backend.id !== id && backend.state === 'active' && statusOf(backend.id)?.health !== 'down',
    )
    if (others || stateOf(id) !== 'active') actions.setState(service.id, id, stateOf(id), to)
    else ask(to === 'draining' ? 'last' : 'last-at-once', id)
  }

  function entriesOf(id: string): readonly MenuEntry[] {
    const state = stateOf(id)
    return [
      ...(state === 'active'
        ? [{ id: 'drain', text: 'Drain', icon: CircleDashed, keys: 'D', run: () => takeOut(id, 'draining') }]
        : [
            {
              id: 'activate',
              text: 'Put back to work',
              icon: Play,
              keys: 'D',
              run: () => actions.setState(service.id, id, state, 'active'),
            },
          ]),
      ...(state === 'maintenance'
        ? []
        : [{ id: 'maintain', text: 'Maintenance', icon: Pause, keys: 'M', run: () => takeOut(id, 'maintenance') }]),
      { id: 'swap', text: 'Swap for another…', icon: ArrowLeftRight, keys: 'S', run: () => ask('swap', id) },
      ...(isSwapped(id) ? [{ id: 'undo', text: 'Undo swap', icon: Undo2, run: () => actions.undoSwap(service.id, id) }] : []),
      ...(healthKind(service) === 'off' || state === 'maintenance'
        ? []
        : [{ id: 'check', text: 'Check now', icon: RefreshCw, keys: 'H', run: () => actions.check(service.id, id) }]),
      '-' as const,
      {
        id: 'cut',
        text: 'Cut what runs on it…',
        icon: Scissors,
        tone: 'danger' as const,
        isDisabled: (statusOf(id)?.inFlight ?? 0) === 0,
        run: () => ask('cut', id),
      },
      ...(state === 'maintenance' && service.backends.length > 1
        ? [{ id: 'remove', text: 'Remove', icon: Trash2, tone: 'danger' as const, run: () => actions.remove(service.id, id) }]
        : []),
    ]
  }

  const onRow =
    (entry: string, otherwise?: string): ShortcutAction =>
    (event) => {
      const [only, ...others] = service.backends
      const chosen = event.target instanceof Element ? event.target.closest('tr[data-backend]')?.getAttribute('data-backend') : null
      const id = chosen ?? (others.length === 0 ? only?.id : undefined)
      if (id === undefined && service.backends.length > 0) {
        showToast({
          tone: 'warn',
          text: 'Which backend?',
          detail: 'Click its row, or reach it with the arrow keys, then press the key again.',
        })
        return undefined
      }
      const found =
        id === null || id === undefined ? undefined : entriesOf(id).find((one) => one !== '-' && (one.id === entry || one.id === otherwise))
      if (found === undefined || found === '-' || found.isDisabled) return false
      found.run()
      return undefined
    }
  useShortcuts({ d: onRow('drain', 'activate'), m: onRow('maintain'), s: onRow('swap'), h: onRow('check') })

  return { actions, entriesOf, question, ask, answered: () => setQuestion(null) }
}
