import { existsSync, readFileSync } from 'node:fs'
import { Emitter, guard, real } from './guard'
import { needReady } from './world'

// What a desktop would show. It is state only; test/record.cjs watches it, here and on the real thing.

type TrayUsed = 'setContextMenu' | 'setToolTip' | 'setImage' | 'destroy' | 'isDestroyed'

export class Tray extends Emitter implements Pick<Electron.Tray, TrayUsed> {
  #destroyed = false

  constructor(_image: Electron.NativeImage | string, _guid?: string) {
    super()
    needReady('Tray')
  }

  setContextMenu(_menu: Electron.Menu | null): void {}
  setToolTip(_text: string): void {}
  setImage(_image: Electron.NativeImage | string): void {}

  destroy(): void {
    this.#destroyed = true
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }
}

export class Notification extends Emitter implements Pick<Electron.Notification, 'title' | 'body' | 'show' | 'close' | 'silent'> {
  title: string
  body: string
  silent: boolean

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super()
    this.title = options.title ?? ''
    this.body = options.body ?? ''
    this.silent = options.silent ?? false
  }

  static isSupported(): boolean {
    return true
  }

  show(): void {
    this.emit('show', {})
  }

  close(): void {
    this.emit('close', {})
  }
}
void (Notification satisfies Pick<typeof Electron.Notification, 'isSupported'>)

export const dialog = guard('dialog', {
  showMessageBox: async (..._args: unknown[]): Promise<Electron.MessageBoxReturnValue> => ({ response: 0, checkboxChecked: false }),
  showErrorBox: (title: string, content: string): void => console.error(`${title}: ${content}`),
} satisfies Partial<Electron.Dialog>)

export const shell = guard('shell', {
  openExternal: async (_url: string, _options?: Electron.OpenExternalOptions): Promise<void> => undefined,
  openPath: async (_path: string): Promise<string> => '',
} satisfies Partial<Electron.Shell>)

export const clipboard = guard('clipboard', {
  writeText: async (_text: string): Promise<void> => undefined,
} satisfies Partial<Electron.Clipboard>)

export const screen = guard('screen', {
  getAllDisplays: () => [
    real<Electron.Display>({
      id: 1,
      workArea: { x: 0, y: 0, width: 1920, height: 1040 },
      bounds: { x: 0, y: 0, width: 1920, height: 1080 },
      scaleFactor: 1,
    }),
  ],
} satisfies Partial<Electron.Screen>)

export class NativeTheme extends Emitter implements Pick<Electron.NativeTheme, 'themeSource' | 'shouldUseDarkColors'> {
  #source: Electron.NativeTheme['themeSource'] = 'system'

  get themeSource(): Electron.NativeTheme['themeSource'] {
    return this.#source
  }

  set themeSource(source: Electron.NativeTheme['themeSource']) {
    this.#source = source
    this.emit('updated')
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'dark'
  }
}
export const nativeTheme = new NativeTheme()

type ImageUsed = 'isEmpty' | 'toPNG'

class NativeImage implements Pick<Electron.NativeImage, ImageUsed> {
  constructor(private readonly content: Buffer) {}

  isEmpty(): boolean {
    return this.content.length === 0
  }

  toPNG(): ReturnType<Electron.NativeImage['toPNG']> {
    return real(this.content)
  }
}

export const nativeImage = guard('nativeImage', {
  createFromPath: (file: string) => real<Electron.NativeImage>(new NativeImage(existsSync(file) ? readFileSync(file) : Buffer.alloc(0))),
} satisfies Partial<typeof Electron.nativeImage>)
