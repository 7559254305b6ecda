import { utilityProcess } from 'electron'
import { createInterface } from 'node:readline'
import type { EngineEnd } from '../../proxy/host/engine-process'
import type { Launch } from '../../proxy/host/spawn/launch'
import { type Ask, tellSchema } from '../utility/messages'

const NAME = 'AstroRelay gateway'

/** Starts engines by way of a utility process each (`electron/utility`), which tells how they fare. What they print goes to `log`, line by line. */
export function launchByUtility(bundle: string, log: (line: string) => void): Launch {
  return ({ args, environment }) => {
    const child = utilityProcess.fork(bundle, [], { serviceName: NAME, stdio: 'pipe' })
    for (const stream of [child.stdout, child.stderr])
      if (stream) createInterface({ input: stream }).on('line', (line) => log(`engine: ${line}`))
    const hearers: ((end: EngineEnd) => void)[] = []
    let ended: EngineEnd | null = null
    const end = (how: EngineEnd): void => {
      if (ended !== null) return
      ended = how
      for (const hear of hearers) hear(how)
    }
    let pid: number | undefined
    child.on('message', (message: unknown) => {
      const told = tellSchema.safeParse(message)
      if (!told.success) return
      if (told.data.kind === 'line') log(told.data.line)
      else if (told.data.kind === 'pid') pid = told.data.pid ?? undefined
      else end(told.data.end)
    })
    // Without it the engine goes on; only where none had been started is that an end.
    child.once('exit', (code) => {
      if (pid === undefined) end({ kind: 'not-started', reason: `its utility process ended with code ${code}` })
    })
    child.once('spawn', () => {
      const ask: Ask = { args: [...args], environment: { ...environment } }
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process, not a window
      child.postMessage(ask)
    })
    return {
      get pid() {
        return pid
      },
      // Both end with the app.
      letGo: () => undefined,
      onExit: (listener) => void (ended === null ? hearers.push(listener) : listener(ended)),
    }
  }
}

/** What an engine's program is in this app: its own, which can be plain Node. */
export const ELECTRON_AS_NODE = { file: process.execPath, environment: { ELECTRON_RUN_AS_NODE: '1' } }
