import { useEffect } from 'react'
import { desktopShell } from '../../api/desktop-bridge'
import type { SavedConfig } from '../../state/config'
import type { ServiceDraft } from './model/draft'

/** A form that was left without saving: what was typed, and the configuration it began with. */
export interface Unsaved {
  readonly saved: SavedConfig
  readonly draft: ServiceDraft
}

/** Stands for a service that has no id yet; no id has a capital letter. */
export const NEW = 'NEW'

/** One for each service, and one for a new one, for as long as the page lives. */
const kept = new Map<string, Unsaved>()

/** What was typed into this service's form and neither saved nor discarded; NEW: a new one. */
export function unsavedOf(id: string): Unsaved | null {
  return kept.get(id) ?? null
}

/** Drops it, after saving or discarding. */
export function forgetUnsaved(id: string): void {
  kept.delete(id)
}

/** Keeps what is typed when another screen is opened, and asks before the page itself is closed. */
export function useKeepUnsaved(id: string, { saved, draft }: Unsaved, dirty: boolean): void {
  useEffect(() => {
    if (dirty) kept.set(id, { saved, draft })
    else kept.delete(id)
  }, [id, saved, draft, dirty])

  useEffect(() => {
    // In the desktop the window outlives its closing, and Electron would take this for a refusal to quit, without a word.
    if (!dirty || desktopShell()) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [dirty])
}
