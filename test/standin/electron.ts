import { app } from './app'
import { clipboard, dialog, nativeImage, nativeTheme, Notification, screen, shell, Tray } from './desktop'
import { guard } from './guard'
import { ipcMain } from './ipc'
import { Menu, MenuItem } from './menu'
import { protocol, session } from './protocol'
import { utilityProcess } from './utility-process'
import { webContents } from './web-contents'
import { BrowserWindow } from './window'

const dialogs = guard('dialog', {
  ...dialog,
  showOpenDialog: async (..._args: unknown[]): Promise<Electron.OpenDialogReturnValue> => ({ canceled: true, filePaths: [] }),
} satisfies Partial<Electron.Dialog>)

/** What `electron` exports to the main process. Signatures are checked against electron.d.ts; whatever is missing throws when touched. */
export const electron = {
  app,
  BrowserWindow,
  clipboard,
  dialog: dialogs,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  Notification,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
  webContents,
} satisfies Partial<Record<keyof typeof Electron.CrossProcessExports, unknown>>
