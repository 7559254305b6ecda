import { BrowserWindow, dialog, nativeTheme, shell } from 'electron'
import { z } from 'zod'
import type { ShellApi } from '../../proxy/contract/shell-api'
import { openInBrowser } from './security'

const themeSchema = z.enum(['system', 'light', 'dark'])
/** What the preload script does by itself needs no call. */
type ShellCalls = Readonly<
  Record<Exclude<keyof ShellApi, 'platform' | 'onNavigate' | 'pathOf'>, (argument: unknown) => Promise<string | null | void>>
>

/** Answers what the page asks of the shell; arguments are checked here, since the page is another process. */
export function answerShellCalls(dataDirectory: string): (name: string, argument: unknown) => Promise<string | null> {
  const calls: ShellCalls = {
    async openDataDirectory() {
      const problem = await shell.openPath(dataDirectory)
      if (problem) throw new Error(`The folder could not be opened: ${problem}`)
    },
    async openExternal(url) {
      if (!(await openInBrowser(z.string().parse(url)))) throw new Error('Only http and https addresses are opened.')
    },
    async chooseFolder() {
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
      if (!window) throw new Error('There is no window to choose a folder in.')
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Choose the folder to host',
        buttonLabel: 'Host this folder',
        properties: ['openDirectory'],
      })
      return canceled ? null : (filePaths[0] ?? null)
    },
    async setTheme(theme) {
      nativeTheme.themeSource = themeSchema.parse(theme)
    },
  }
  const byName = new Map(Object.entries(calls))
  return async (name, argument) => {
    const call = byName.get(name)
    if (!call) throw new Error(`The shell has no call “${name.slice(0, 40)}”.`)
    return (await call(argument)) ?? null
  }
}
