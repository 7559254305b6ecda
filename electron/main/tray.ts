import { clipboard, Menu, type MenuItemConstructorOptions, Tray } from 'electron'
import { elapsed } from '../../proxy/contract/clock'
import { openInBrowser } from './security'
import { trayIcon } from './tray-icon'
import { tellsTray, type TrayModel, type TrayService, trayModel } from './tray-model'
import { isWebAddress } from '../../proxy/contract/web-address'
import type { Host } from '../../proxy/host/host'

/** A redraw closes an open menu on some systems and blinks on others, so there is at most one in this time. */
const REDRAW_MS = 1_000

/** More services than these go into a menu of their own, so that the rest stays in sight. */
const LISTED = 12

export interface AppTrayOptions {
  readonly host: Host
  /** The folder with the icons. */
  readonly icons: string
  /** Brings the window to the front, at a path where one is given. */
  readonly show: (path?: string) => void
  readonly quit: () => void
  /** Whether Quit asks no more, what makes it ask again, and who is told when that may have changed. */
  readonly silentQuit: { readonly is: () => boolean; readonly end: () => void; readonly onChange: (listener: () => void) => () => void }
  readonly log: (line: string) => void
}

/** The icon in the tray. Its menu has everything, because not every desktop tells us about clicks on the icon. */
export class AppTray {
  readonly #tray: Tray
  readonly #stops: readonly (() => void)[]
  #shown: TrayModel | null = null
  #shownSilentQuit = false
  #menuOpen = false
  #redraw: NodeJS.Timeout | null = null
  #lastRedraw = Number.NEGATIVE_INFINITY

  constructor(private readonly options: AppTrayOptions) {
    this.#tray = new Tray(trayIcon(options.icons, 'stopped'))
    this.#tray.setToolTip('AstroRelay')
    // On macOS a click opens the menu and is told all the same; the window would cover it.
    if (process.platform !== 'darwin') this.#tray.on('click', () => options.show())
    const refresh = () => this.#refreshSoon()
    this.#stops = [
      ...(['engine', 'health', 'listener', 'config'] as const).map((name) => options.host.on(name, refresh)),
      options.silentQuit.onChange(refresh),
      options.host.on('tick', (tick) => tellsTray(tick, this.#shown) && refresh()),
    ]
    refresh()
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    if (this.#redraw) clearTimeout(this.#redraw)
    this.#tray.destroy()
  }

  #refreshSoon(): void {
    this.#redraw ??= setTimeout(
      () => {
        this.#redraw = null
        this.#lastRedraw = elapsed()
        this.#refresh().catch((error: unknown) => this.options.log(`The tray could not be redrawn: ${String(error)}`))
      },
      Math.max(0, this.#lastRedraw + REDRAW_MS - elapsed()),
    )
  }

  async #refresh(): Promise<void> {
    const model = trayModel(await this.options.host.handlers.status({}))
    const silentQuit = this.options.silentQuit.is()
    if (
      this.#menuOpen ||
      this.#tray.isDestroyed() ||
      (silentQuit === this.#shownSilentQuit && JSON.stringify(model) === JSON.stringify(this.#shown))
    )
      return
    if (model.shape !== this.#shown?.shape) this.#tray.setImage(trayIcon(this.options.icons, model.shape))
    this.#tray.setToolTip(model.tooltip)
    this.#tray.setContextMenu(this.#menu(model))
    this.#shown = model
    this.#shownSilentQuit = silentQuit
  }

  #menu(model: TrayModel): Menu {
    const listed = model.services.slice(0, LISTED).map((service) => this.#serviceItem(service))
    const rest = model.services.slice(LISTED).map((service) => this.#serviceItem(service))
    const menu = Menu.buildFromTemplate([
      { id: 'summary', label: escaped(model.summary), enabled: false },
      { id: 'gateway', label: model.gateway, enabled: false },
      { type: 'separator' },
      ...listed,
      ...(rest.length > 0 ? [{ id: 'more', label: `${rest.length} more`, submenu: rest }] : []),
      ...(listed.length > 0 ? [{ type: 'separator' as const }] : []),
      ...this.#gatewayItems(model.running),
      { type: 'separator' },
      { id: 'open', label: 'Open AstroRelay', click: () => this.options.show() },
      ...(this.options.silentQuit.is()
        ? [{ id: 'ask', label: 'Ask before quitting again', click: () => this.options.silentQuit.end() }]
        : []),
      { id: 'quit', label: 'Quit AstroRelay', click: () => this.options.quit() },
    ])
    menu.on('menu-will-show', () => {
      this.#menuOpen = true
    })
    menu.on('menu-will-close', () => {
      this.#menuOpen = false
      this.#refreshSoon()
    })
    return menu
  }

  #serviceItem({ id, label, address }: TrayService): MenuItemConstructorOptions {
    const show: MenuItemConstructorOptions = {
      id: `show:${id}`,
      label: 'Show in AstroRelay',
      click: () => this.options.show(`/services/${encodeURIComponent(id)}`),
    }
    const reach: MenuItemConstructorOptions[] =
      address === null
        ? []
        : [
            ...(isWebAddress(address)
              ? [{ id: `open:${id}`, label: 'Open in browser', click: () => this.#withAddress(id, (now) => void openInBrowser(now)) }]
              : []),
            { id: `copy:${id}`, label: 'Copy address', click: () => this.#withAddress(id, (now) => void clipboard.writeText(now)) },
          ]
    return { id: `service:${id}`, label: escaped(label), submenu: [...reach, show] }
  }

  /** Its address as it is now: no event tells that this machine has moved to another network. */
  #withAddress(id: string, use: (address: string) => void): void {
    const ask = async (): Promise<void> => {
      const { services } = await this.options.host.handlers.status({})
      const address = services.find((service) => service.id === id)?.addresses[0]
      if (address !== undefined) use(address)
    }
    ask().catch((error: unknown) => this.options.log(`The address of ${id} could not be used: ${String(error)}`))
  }

  #gatewayItems(running: boolean): MenuItemConstructorOptions[] {
    if (!running) return [{ id: 'start', label: 'Start gateway', click: () => this.#ask('engine.start') }]
    return [
      { id: 'restart', label: 'Restart gateway', click: () => this.#ask('engine.restart') },
      { id: 'stop', label: 'Stop gateway', click: () => this.#ask('engine.stop') },
    ]
  }

  #ask(call: 'engine.start' | 'engine.stop' | 'engine.restart'): void {
    Promise.resolve(this.options.host.handlers[call]({})).catch((error: unknown) => this.options.log(`${call}: ${String(error)}`))
  }
}

/** A single & would underline the next letter instead of being shown. */
function escaped(label: string): string {
  return label.replaceAll('&', '&&')
}
