import { launchDetached } from '../../proxy/host/spawn/launch'
import { askSchema, type Tell } from './messages'

/**
 * Hosts the gateway's engine: starts it, hears its last words, and tells how it ended. Chromium ends a utility process in the
 * very moment in which the app dies (kill -9: seen within two seconds on Electron 25), so the engine is a process beside it,
 * of the same program as plain Node, and serves on until the next start takes it over.
 */
const port = process.parentPort

function tell(message: Tell): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
  port.postMessage(message)
}

port.once('message', ({ data }) => {
  const ask = askSchema.parse(data)
  const launch = launchDetached((line) => tell({ kind: 'line', line }))
  // The helper's own program: on macOS the app's would show itself in the Dock a second time.
  const launched = launch({ file: process.execPath, args: ask.args, environment: { ...ask.environment, ELECTRON_RUN_AS_NODE: '1' } })
  tell({ kind: 'pid', pid: launched.pid ?? null })
  launched.onExit((end) => {
    tell({ kind: 'end', end })
    // After the message has gone out.
    setTimeout(() => process.exit(0), 50)
  })
})
