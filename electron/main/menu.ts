import { app, Menu, type MenuItemConstructorOptions } from 'electron'

export interface AppMenuOptions {
  /** Brings the window to the front, at a path where one is given. */
  readonly show: (path?: string) => void
  readonly openDataDirectory: () => void
}

/** The application's menu: what people expect on their system, by standard roles, and a few of our own. */
export function setAppMenu({ show, openDataDirectory }: AppMenuOptions): void {
  const settings: MenuItemConstructorOptions = { id: 'settings', label: 'Settings…', click: () => show('/settings') }
  const mac: MenuItemConstructorOptions[] = [
    {
      label: app.name,
      submenu: [
        { role: 'about' },
        { type: 'separator' },
        settings,
        { type: 'separator' },
        { role: 'services' },
        { type: 'separator' },
        { role: 'hide' },
        { role: 'hideOthers' },
        { role: 'unhide' },
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
  ]
  const isMac = process.platform === 'darwin'
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? mac : []),
      {
        label: 'File',
        submenu: [{ role: 'close' }, ...(isMac ? [] : [settings, { type: 'separator' as const }, { role: 'quit' as const }])],
      },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { type: 'separator' },
          { role: 'togglefullscreen' },
          ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
        ],
      },
      { role: 'windowMenu' },
      { role: 'help', submenu: [{ id: 'data', label: 'Show the data folder', click: openDataDirectory }] },
    ]),
  )
}
