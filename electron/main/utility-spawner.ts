import { utilityProcess } from 'electron'
import { createInterface } from 'node:readline'
import { ENGINE_ENVIRONMENT, type SpawnEngine } from '../../proxy/host/engine-process'

/** Starts the engine's bundle as a utility process, which ends with this one. What it prints goes to `log`, line by line. */
export function utilityEngine(bundle: string, log: (line: string) => void): SpawnEngine {
  return () => {
    const child = utilityProcess.fork(bundle, [], {
      serviceName: 'AstroRelay gateway',
      stdio: 'pipe',
      env: { ...ENGINE_ENVIRONMENT, ...process.env },
    })
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => log(`engine: ${line}`))
    let ended = false
    child.once('exit', () => {
      ended = true
    })
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
      onExit: (listener) => void child.once('exit', (code) => listener(code)),
    }
  }
}
