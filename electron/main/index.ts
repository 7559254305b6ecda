import { app } from 'electron'
import path from 'node:path'
import { useDataDirectory } from './data-directory'
import { readFlags } from './flags'
import { registerAppScheme } from './protocol'
import { refuseToStart } from './refuse-to-start'
import { startDesktop } from './start-desktop'

// The order of start-up. Two things must come before the app is ready: where Chromium keeps its files, in which the
// single-instance lock lies too, and our scheme. Nothing here is awaited at the top level: that would hang Electron (electron#40719).
app.setName('AstroRelay')
// The terminal that it was started from may be closed; without a listener the next line of the log would be a crash.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
const flags = readFlags(process.argv, process.cwd())
registerAppScheme()
const dataDirectory = tryToUse(flags.dataDirectory)

if (dataDirectory !== null) {
  if (!app.requestSingleInstanceLock()) app.quit()
  else
    app
      .whenReady()
      .then(() =>
        startDesktop({
          flags,
          dataDirectory,
          out: path.resolve(import.meta.dirname),
          resources: path.join(app.getAppPath(), 'electron/resources'),
        }),
      )
      .catch(refuseToStart)
}

/** Null where the folder cannot be written to, which the person has been told then. */
function tryToUse(chosen: string | null): string | null {
  try {
    return useDataDirectory(chosen)
  } catch (error) {
    refuseToStart(error)
    return null
  }
}
