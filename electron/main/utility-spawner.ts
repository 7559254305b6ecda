import { app, utilityProcess } from 'electron'
import { createInterface } from 'node:readline'
import { ENGINE_ENVIRONMENT, type SpawnEngine } from '../../proxy/host/engine-process'
import { endOfUtility, type Gone } from './utility-end'

const NAME = 'AstroRelay gateway'

/** An exit and what it was come as two events, in no promised order; so long after a bad exit the other one is waited for. */
const GONE_MS = 250

/** Starts the engine's bundle as a utility process, which ends with this one. What it prints goes to `log`, line by line. */
export function utilityEngine(bundle: string, log: (line: string) => void): SpawnEngine {
  return () => {
    const child = utilityProcess.fork(bundle, [], {
      serviceName: NAME,
      stdio: 'pipe',
      env: { ...ENGINE_ENVIRONMENT, ...process.env },
    })
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => log(`engine: ${line}`))
    let ended = false
    child.once('exit', () => {
      ended = true
    })
    const gone = whenGone()
    return {
      get pid() {
        return child.pid
      },
      transport: {
        send(frame) {
          // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
          if (!ended) child.postMessage(frame)
        },
        onFrame: (listener) => void child.on('message', listener),
        onClose: (listener) => void child.once('exit', () => listener()),
      },
      kill() {
        // `child.kill` asks, and the engine would drain first.
        if (child.pid === undefined || ended) child.kill()
        else process.kill(child.pid, 'SIGKILL')
      },
      onExit: (listener) =>
        void child.once('exit', (code) => void gone.within(code === 0 ? 0 : GONE_MS).then((what) => listener(endOfUtility(code, what)))),
    }
  }
}

/**
 * Hears what Electron says of the process that went, which only the app's own event tells: a crash, want of memory,
 * somebody's kill (as VS Code's `UtilityProcess` does, src/vs/platform/utilityProcess/electron-main).
 */
function whenGone(): { readonly within: (ms: number) => Promise<Gone | null> } {
  const hearers = new Set<(gone: Gone | null) => void>()
  const heard = new Promise<Gone | null>((resolve) => void hearers.add(resolve))
  const tell = (gone: Gone | null): void => hearers.forEach((hear) => hear(gone))
  const listener = (_event: unknown, details: Electron.Details): void => {
    if (details.type === 'Utility' && details.name === NAME) tell(details)
  }
  app.on('child-process-gone', listener)
  return {
    async within(ms) {
      const timer = setTimeout(() => tell(null), ms)
      const gone = await heard
      clearTimeout(timer)
      app.off('child-process-gone', listener)
      return gone
    },
  }
}
