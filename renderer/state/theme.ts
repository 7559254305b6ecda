import type { Theme } from '../../proxy/contract/shell-api'
import { desktopShell } from '../api/desktop-bridge'
import { createStore } from './store'

const STORE = 'astrorelay-theme'
const dark = window.matchMedia('(prefers-color-scheme: dark)')

/** The look the person chose. It belongs to this window or browser, not to the gateway's configuration. */
export const themeStore = createStore<Theme>(readTheme())

/** Puts the look on the document and keeps it there when the system's changes. Called before the first paint. */
export function startTheme(): void {
  const show = (): void => {
    const theme = themeStore.get()
    document.documentElement.dataset['theme'] = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme
    void desktopShell()?.setTheme(theme)
  }
  themeStore.subscribe(show)
  dark.addEventListener('change', show)
  show()
}

/** Chooses a look and remembers it. */
export function chooseTheme(theme: Theme): void {
  localStorage.setItem(STORE, theme)
  themeStore.set(theme)
}

function readTheme(): Theme {
  const kept = localStorage.getItem(STORE)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}
