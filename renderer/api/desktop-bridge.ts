import type { DesktopBridge, ShellApi } from '../../proxy/contract/shell-api'

declare global {
  interface Window {
    /** Put there by the desktop's preload script; absent in a browser. */
    readonly astrorelay?: DesktopBridge
  }
}

/** The bridge to the desktop shell, or null in a browser. */
export function desktopBridge(): DesktopBridge | null {
  return window.astrorelay ?? null
}

/** What only a desktop shell can do, or null in a browser, where the interface leaves those actions out. */
export function desktopShell(): ShellApi | null {
  return desktopBridge()?.shell ?? null
}
