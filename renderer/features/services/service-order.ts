import { useState } from 'react'
import type { ServiceState } from '../../../proxy/contract/status'
import { sameList } from '../../state/store'

/** Ids with those that need someone first, otherwise as they are in the configuration. */
export function orderByNeed(ids: readonly string[], stateOf: (id: string) => ServiceState | null): readonly string[] {
  const rank = (id: string): number => {
    const state = stateOf(id)
    return state === 'down' ? 0 : state === 'attention' ? 1 : 2
  }
  return ids.toSorted((a, b) => rank(a) - rank(b))
}

/** Keeps `kept` as far as it goes: what is gone is left out, what is new comes where `wanted` has it. */
export function holdOrder(kept: readonly string[], wanted: readonly string[]): readonly string[] {
  const held = kept.filter((id) => wanted.includes(id))
  wanted.forEach((id, index) => {
    if (!held.includes(id)) held.splice(index, 0, id)
  })
  return held
}

/** The order to show: rows never change places under the pointer or while the focus is among them. */
export function useHeldOrder(wanted: readonly string[], held: boolean): readonly string[] {
  const [shown, setShown] = useState(wanted)
  const next = held ? holdOrder(shown, wanted) : wanted
  if (sameList(next, shown)) return shown
  setShown(next)
  return next
}
