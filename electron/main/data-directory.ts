import { app } from 'electron'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { defaultDataDirectory } from '../../proxy/host/data-directory'

/**
 * The directory that host and shell share, which is also the one of `astrorelay serve`. Chromium's own files go to a
 * folder in it, so that another `--data` is another app with a lock of its own. Only before the app is ready.
 */
export function useDataDirectory(chosen: string | null): string {
  const directory = chosen ?? defaultDataDirectory()
  const own = path.join(directory, 'desktop')
  // Electron wants it to be there.
  mkdirSync(own, { recursive: true, mode: 0o700 })
  app.setPath('userData', own)
  return directory
}
