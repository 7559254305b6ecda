import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { endOfChild, tellsOutOfMemory } from '../engine-end'
import type { EngineEnd } from '../engine-process'

/** A program to start: this Node, or Electron as Node, with a bundle. */
export interface Program {
  readonly file: string
  readonly args: readonly string[]
  /** Added to this process's environment. */
  readonly environment: Readonly<Record<string, string>>
}

/** A process that was started and may outlive this one. */
export interface Launched {
  readonly pid: number | undefined
  /** It is nothing that this process waits for any more. */
  letGo(): void
  onExit(listener: (end: EngineEnd) => void): void
}

/** Starts a program that outlives this one. */
export type Launch = (program: Program) => Launched

/**
 * Starts a program in a group and session of its own: Ctrl+C in a terminal, the terminal's end and our own end are nothing to
 * it. What it prints goes to `log`, line by line, while we are there.
 */
export function launchDetached(log: (line: string) => void): Launch {
  return ({ file, args, environment }) => {
    const child = spawn(file, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      detached: process.platform !== 'win32',
      windowsHide: true,
    })
    let outOfMemory = false
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        outOfMemory ||= tellsOutOfMemory(line)
        log(`engine: ${line}`)
      })
    // A process that could not be started has no exit event; without a listener the error would end the host.
    let failed: ((end: EngineEnd) => void) | undefined
    child.on('error', (error) => {
      log(`engine: ${error.message}`)
      if (child.pid === undefined) failed?.({ kind: 'not-started', reason: error.message })
    })
    return {
      pid: child.pid,
      letGo() {
        child.unref()
        child.stdout.destroy()
        child.stderr.destroy()
      },
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
