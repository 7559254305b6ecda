import { app } from 'electron'
import path from 'node:path'
import { defaultDataDirectory } from '../../proxy/host/data-directory'

/**
 * The directory that host and shell share, which is also the one of `astrorelay serve`. Chromium's own files go to a
 * folder in it, so that another `--data` is another app with a lock of its own. Only before the app is ready.
 */
export function useDataDirectory(chosen: string | null): string {
  const directory = chosen ?? defaultDataDirectory()
  app.setPath('userData', path.join(directory, 'desktop'))
  return directory
}
