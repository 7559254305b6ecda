import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron'
import { elapsed } from '../../proxy/contract/clock'
import { PAGE } from './app-address'
import { navigatePage } from './ipc-transport'
import type { Memory } from './memory'
import { MINIMUM, placeWindow } from './window-place'

/** Height of the page's own title bar, into which the system draws its buttons; `--h-titlebar` of the tokens. */
const TITLE_BAR_HEIGHT = 44
const LIGHT = { color: '#EFF0F3', symbolColor: '#181C24' } as const
const DARK = { color: '#0D0F13', symbolColor: '#EBEDF0' } as const

/** A page that dies sooner than this after it was opened is not opened again by itself. */
const CRASH_LOOP_MS = 10_000

export interface MainWindowOptions {
  /** The preload script's file. */
  readonly preload: string
  readonly icon: string
  readonly memory: Memory
  /** The person closed the window, which only hides it. */
  readonly onHidden: () => void
  readonly log: (line: string) => void
}

/** The one window. Closing it hides it: the gateway goes on, and the tray brings it back. */
export class MainWindow {
  #window: BrowserWindow | null = null
  #closing = false
  /** Whether the page is there to be told where to go. */
  #loaded = false
  /** Whether it was on a display; before that it has no place worth remembering. */
  #seen = false

  constructor(private readonly options: MainWindowOptions) {
    nativeTheme.on('updated', () => this.#colourTitleBar())
  }

  /** Opens the window hidden, so that it shows at once when it is asked for. */
  prepare(): void {
    this.#window ??= this.#create(false)
  }

  /** Brings the window to the front, at a path such as `/services/wiki` where one is given. */
  show(path?: string): void {
    const window = this.#window
    if (!window) {
      this.#window = this.#create(true)
      if (path !== undefined) this.#navigate(path)
      return
    }
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
    if (path !== undefined) this.#navigate(path)
  }

  hide(): void {
    this.#window?.hide()
  }

  /** From here on closing closes. */
  letGo(): void {
    this.#closing = true
    this.#rememberPlace()
  }

  owns(contents: WebContents): boolean {
    return this.#window?.webContents === contents
  }

  get browserWindow(): BrowserWindow | null {
    return this.#window
  }

  #create(shown: boolean): BrowserWindow {
    const last = this.options.memory.content.window
    const window = new BrowserWindow({
      ...placeWindow(
        last,
        screen.getAllDisplays().map((display) => display.workArea),
      ),
      minWidth: MINIMUM.width,
      minHeight: MINIMUM.height,
      show: false,
      title: 'AstroRelay',
      icon: this.options.icon,
      backgroundColor: titleBarColours().color,
      titleBarStyle: 'hidden',
      ...(process.platform === 'darwin'
        ? { trafficLightPosition: { x: 16, y: 14 } }
        : { titleBarOverlay: { ...titleBarColours(), height: TITLE_BAR_HEIGHT } }),
      webPreferences: {
        preload: this.options.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    })
    window.once('show', () => {
      this.#seen = true
      // Maximising shows a window, so it waits until the window is to be seen.
      if (last?.maximised) window.maximize()
    })
    this.#loaded = false
    window.webContents.once('did-finish-load', () => {
      this.#loaded = true
    })
    if (shown) window.once('ready-to-show', () => window.show())
    window.on('close', (event) => {
      this.#rememberPlace()
      if (this.#closing) return
      event.preventDefault()
      window.hide()
      this.options.onHidden()
    })
    window.on('closed', () => {
      if (this.#window === window) this.#window = null
    })
    this.#reopenAfterCrash(window)
    window.loadURL(PAGE).catch((error: unknown) => this.options.log(`The window’s page could not be loaded: ${String(error)}`))
    return window
  }

  #reopenAfterCrash(window: BrowserWindow): void {
    const openedAt = elapsed()
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return
      this.options.log(`The window’s page ended (${reason}).`)
      const visible = window.isVisible()
      window.destroy()
      this.#window = null
      if (visible && elapsed() - openedAt > CRASH_LOOP_MS) this.show()
    })
  }

  #navigate(path: string): void {
    const contents = this.#window?.webContents
    // A page that still loads does not listen yet.
    if (contents && !this.#loaded) contents.once('did-finish-load', () => navigatePage(contents, path))
    else if (contents) navigatePage(contents, path)
  }

  #rememberPlace(): void {
    const window = this.#window
    if (this.#seen && window && !window.isDestroyed())
      this.options.memory.remember({ window: { ...window.getNormalBounds(), maximised: window.isMaximized() } })
  }

  #colourTitleBar(): void {
    this.#window?.setBackgroundColor(titleBarColours().color)
    if (process.platform !== 'darwin') this.#window?.setTitleBarOverlay({ ...titleBarColours(), height: TITLE_BAR_HEIGHT })
  }
}

function titleBarColours(): { color: string; symbolColor: string } {
  return nativeTheme.shouldUseDarkColors ? { ...DARK } : { ...LIGHT }
}
