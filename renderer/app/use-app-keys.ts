import { paletteStore } from '../state/palette'
import { navigate } from '../state/route'
import { useSession } from '../state/session'
import { isTextField, useShortcuts } from '../state/shortcuts'
import { showToast } from '../ui/toast'

/** The keys that act on every screen. */
export function useAppKeys(): void {
  const { undo } = useSession()
  async function step(which: 'undo' | 'redo'): Promise<void> {
    const summary = await undo[which]()
    if (summary !== null) showToast({ tone: 'ok', text: which === 'undo' ? `Took back: ${summary}` : summary })
  }
  useShortcuts({
    'Mod+k': () => paletteStore.set(!paletteStore.get()),
    'Mod+1': () => navigate({ screen: 'services' }),
    'Mod+2': () => navigate({ screen: 'activity' }),
    'Mod+3': () => navigate({ screen: 'access', of: '' }),
    'Mod+5': () => navigate({ screen: 'lockdown', service: '' }),
    'Mod+,': () => navigate({ screen: 'settings' }),
    'Mod+z': (event) => (isTextField(event.target) ? false : void step('undo')),
    'Mod+Shift+z': (event) => (isTextField(event.target) ? false : void step('redo')),
    F6: () => moveToRegion(1),
    'Shift+F6': () => moveToRegion(-1),
  })
}

const REGIONS = 'header.title-bar, nav.sidebar-nav, .gateway-card, main, .screen-foot, .toasts'

function moveToRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(REGIONS)].filter((region) => focusableIn(region) !== null)
  // The innermost of those that hold the focus: the footer lies in main.
  const at = regions.findLastIndex((region) => region.contains(document.activeElement))
  const next = regions[(at + step + regions.length) % regions.length]
  if (next) focusableIn(next)?.focus()
}

function focusableIn(region: HTMLElement): HTMLElement | null {
  return region.querySelector<HTMLElement>('h1[tabindex], a[href], button:not([disabled]), input, [tabindex="0"]')
}
