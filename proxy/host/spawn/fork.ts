import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { endOfChild, tellsOutOfMemory } from '../engine-end'
import { ENGINE_ENVIRONMENT, type EngineEnd, type SpawnEngine } from '../engine-process'

/** Starts the engine's bundle as a Node process of its own. What it prints goes to `log`, line by line. */
export function forkEngine(bundle: string, log: (line: string) => void): SpawnEngine {
  return () => {
    // A group of its own: Ctrl+C in a terminal goes to the host alone, which then drains the engine.
    const child = fork(bundle, [], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
      env: { ...ENGINE_ENVIRONMENT, ...process.env },
      detached: process.platform !== 'win32',
    })
    let outOfMemory = false
    for (const stream of [child.stdout, child.stderr])
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          outOfMemory ||= tellsOutOfMemory(line)
          log(`engine: ${line}`)
        })
    // A failed fork has no exit event; without a listener the error would end the host.
    let failed: ((end: EngineEnd) => void) | undefined
    child.on('error', (error) => {
      log(`engine: ${error.message}`)
      if (child.pid === undefined) failed?.({ kind: 'not-started', reason: error.message })
    })
    return {
      pid: child.pid,
      transport: {
        send: (frame) => {
          // The callback takes the error of a channel that closed meanwhile; the exit is what is acted on.
          if (child.connected) child.send(frame, (error) => error && log(`engine: ${error.message}`))
        },
        onFrame: (listener) => void child.on('message', listener),
        onClose: (listener) => void child.on('disconnect', listener),
      },
      kill: () => void child.kill('SIGKILL'),
      onExit: (listener) => {
        failed = listener
        child.once('exit', (code, signal) => {
          const tell = (): void => listener(endOfChild(code, signal, outOfMemory))
          // Its last words may still be on their way, and only an abort needs them to be told apart.
          if (signal === 'SIGABRT') child.once('close', tell)
          else tell()
        })
      },
    }
  }
}
