import { app } from './app'
import { clipboard, dialog, nativeImage, nativeTheme, Notification, screen, shell, Tray } from './desktop'
import { ipcMain } from './ipc'
import { Menu, MenuItem } from './menu'
import { protocol, session } from './protocol'
import { utilityProcess } from './utility-process'
import { webContents } from './web-contents'
import { BrowserWindow } from './window'

/** What `electron` exports to the main process. Signatures are checked against electron.d.ts; whatever is missing throws when touched. */
export const electron = {
  app, BrowserWindow, clipboard, dialog, ipcMain, Menu, MenuItem, nativeImage, nativeTheme, Notification, protocol, screen, session, shell, Tray, utilityProcess, webContents,
} satisfies Partial<Record<keyof typeof Electron.CrossProcessExports, unknown>>
