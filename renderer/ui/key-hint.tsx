import { desktopShell } from '../api/desktop-bridge'
import './key-hint.css'

const NAMES: Readonly<Record<string, string>> = {
  Up: '↑',
  Down: '↓',
  Enter: '↵',
  Mod: isApple() ? '⌘' : 'Ctrl',
  Shift: isApple() ? '⇧' : 'Shift',
}

/** A key cap: `N`, `Enter`, `Mod K`. Hidden from screen readers, which get `aria-keyshortcuts`. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <kbd className="key" aria-hidden="true">
      {keys
        .split(' ')
        .map((key) => NAMES[key] ?? key)
        .join(' ')}
    </kbd>
  )
}

/** What keys do on this screen, for its footer: `[['Move', 'Up', 'Down'], ['Open', 'Enter']]`. */
export function KeyHints({ hints }: { readonly hints: readonly (readonly [label: string, ...keys: string[]])[] }) {
  return (
    <ul className="key-hints" aria-label="Keys">
      {hints.map(([label, ...keys]) => (
        <li key={label}>
          {label}{' '}
          {keys.map((key) => (
            <kbd className="key" key={key}>
              {NAMES[key] ?? key}
            </kbd>
          ))}
        </li>
      ))}
    </ul>
  )
}

function isApple(): boolean {
  return (desktopShell()?.platform ?? navigator.platform).toLowerCase().startsWith('mac') || desktopShell()?.platform === 'darwin'
}
