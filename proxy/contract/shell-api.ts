/** The look a person chose; `system` follows the desktop. */
export type Theme = 'system' | 'light' | 'dark'

/** What only a desktop shell can do. Absent in a browser, where the interface leaves these actions out. */
export interface ShellApi {
  /** `process.platform` of the desktop, for the title bar and key names. */
  readonly platform: string
  /** Shows the data directory in the file manager. */
  openDataDirectory(): Promise<void>
  /** Opens an http(s) address in the default browser. */
  openExternal(url: string): Promise<void>
  /** Lets a person choose a folder; null where none was chosen. Not every shell has it. */
  chooseFolder?(): Promise<string | null>
  /** Where a file or folder that was dropped on the page lies; empty where that is not known. `file`: a `File` of the page. */
  pathOf?(file: object): string
  /** Makes native parts (title bar, menus) follow the chosen look. */
  setTheme(theme: Theme): Promise<void>
  /** Hears what the tray or a menu asks the window to show: a path such as `/services/wiki`. Returns what stops it. */
  onNavigate(listener: (path: string) => void): () => void
}

/** What the preload script puts on `window.astrorelay`: one channel of frames to the host, and the shell. */
export interface DesktopBridge {
  /** Sends one JSON frame of the control API to the host. */
  send(frame: unknown): void
  /** Hears frames from the host. */
  onFrame(listener: (frame: unknown) => void): void
  readonly shell: ShellApi
}
