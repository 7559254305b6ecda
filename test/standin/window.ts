import { Emitter, PreventableEvent, real } from './guard'
import { WebContents } from './web-contents'
import { needReady, nextId, world } from './world'

type Used =
  | 'id'
  | 'webContents'
  | 'loadURL'
  | 'show'
  | 'hide'
  | 'focus'
  | 'blur'
  | 'isVisible'
  | 'isFocused'
  | 'isMinimized'
  | 'minimize'
  | 'restore'
  | 'maximize'
  | 'unmaximize'
  | 'isMaximized'
  | 'close'
  | 'destroy'
  | 'isDestroyed'
  | 'setTitle'
  | 'getTitle'
  | 'getBounds'
  | 'getNormalBounds'
  | 'setBounds'
  | 'getMinimumSize'
  | 'setBackgroundColor'
  | 'setTitleBarOverlay'

/** A window without a desktop: it keeps what a window manager would, and Chromium has its page. */
export class BrowserWindow extends Emitter implements Pick<Electron.BrowserWindow, Used> {
  readonly id = nextId()
  readonly webContents: Electron.WebContents
  readonly #contents: WebContents
  readonly #minimum: [number, number]
  #bounds: Electron.Rectangle
  #title: string
  #visible: boolean
  #focused: boolean
  #minimized = false
  #maximized = false
  #destroyed = false

  constructor(options: Electron.BrowserWindowConstructorOptions = {}) {
    super()
    needReady('BrowserWindow')
    this.#visible = this.#focused = options.show ?? true
    this.#bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 }
    this.#minimum = [options.minWidth ?? 0, options.minHeight ?? 0]
    this.#title = options.title ?? ''
    this.#contents = new WebContents(this, options)
    this.webContents = real(this.#contents)
    world.windows.add(this)
    queueMicrotask(() => {
      world.app?.emit('web-contents-created', {}, this.#contents)
      world.app?.emit('browser-window-created', {}, this)
    })
  }

  static getAllWindows(): BrowserWindow[] {
    return [...world.windows].filter((window): window is BrowserWindow => window instanceof BrowserWindow)
  }

  static fromWebContents(contents: unknown): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.#contents === contents) ?? null
  }

  static fromId(id: number): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.id === id) ?? null
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.#focused) ?? null
  }

  loadURL(url: string, options?: Electron.LoadURLOptions): Promise<void> {
    return this.#contents.loadURL(url, options)
  }

  show(): void {
    if (!this.#visible) {
      this.#visible = true
      this.emit('show')
    }
    this.focus()
  }

  hide(): void {
    if (this.#visible) {
      this.#visible = false
      this.emit('hide')
    }
    this.blur()
  }

  focus(): void {
    for (const window of BrowserWindow.getAllWindows()) if (window !== this) window.blur()
    if (this.#focused) return
    this.#focused = true
    this.emit('focus')
  }

  blur(): void {
    if (!this.#focused) return
    this.#focused = false
    this.emit('blur')
  }

  isVisible(): boolean {
    return this.#visible && !this.#minimized
  }

  isFocused(): boolean {
    return this.#focused
  }

  isMinimized(): boolean {
    return this.#minimized
  }

  minimize(): void {
    this.#minimized = true
    this.emit('minimize')
    this.blur()
  }

  restore(): void {
    this.#minimized = false
    this.emit('restore')
    this.focus()
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  maximize(): void {
    this.#maximized = true
    this.show()
    this.emit('maximize')
  }

  unmaximize(): void {
    this.#maximized = false
    this.emit('unmaximize')
  }

  getTitle(): string {
    return this.#title
  }

  setTitle(title: string): void {
    this.#title = title
  }

  getBounds(): Electron.Rectangle {
    return { ...this.#bounds }
  }

  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds }
  }

  getMinimumSize(): number[] {
    return [...this.#minimum]
  }

  setBounds(bounds: Partial<Electron.Rectangle>, _animate?: boolean): void {
    Object.assign(this.#bounds, bounds)
    this.emit('resize')
  }

  setBackgroundColor(_colour: string): void {}

  setTitleBarOverlay(_options: Electron.TitleBarOverlayOptions): void {}

  close(): void {
    if (this.#destroyed) return
    const event = new PreventableEvent()
    this.emit('close', event)
    if (!event.defaultPrevented) this.destroy()
  }

  destroy(): void {
    if (!this.#destroyed) this.#contents.closeTarget()
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  contentsGone(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    world.windows.delete(this)
    this.emit('closed')
    if (world.windows.size > 0 || !world.app) return
    if (world.app.listenerCount('window-all-closed') === 0) world.app.quit()
    else world.app.emit('window-all-closed')
  }
}
