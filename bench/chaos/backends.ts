import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { lineOf } from './processes'

/** A backend that can be killed, stopped and started anew. */
export interface ChaosBackend {
  readonly address: string
  signal(signal: NodeJS.Signals): void
  /** Starts it where it does not run. */
  start(): Promise<void>
}

export async function startBackend(address: string, enter: readonly string[] = []): Promise<ChaosBackend> {
  const [command, ...args] = [...enter, process.execPath, path.join(import.meta.dirname, 'backend.mjs'), address]
  let child: ChildProcess | null = null
  const backend: ChaosBackend = {
    address,
    signal: (signal) => void child?.kill(signal),
    async start() {
      if (child !== null && child.exitCode === null && child.signalCode === null) return
      child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      await lineOf(child, 'ready')
    },
  }
  await backend.start()
  return backend
}
