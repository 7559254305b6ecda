import { type ChildProcess, spawn, spawnSync, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import type { BenchBackend } from '../backend'
import { onTestedCore } from '../pin'

/** A proxy under test. */
export interface Program {
  readonly name: string
  readonly version: string
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
}

/** Where to listen, what to forward to, and a folder of one's own for files. */
export interface ProgramSetting {
  readonly port: number
  readonly backend: BenchBackend
  readonly folder: string
}

const PATIENCE = 10_000

/** Starts a program on the tested core and waits until it accepts connections. */
export async function startProgram(
  name: string,
  version: string,
  port: number,
  command: readonly [string, ...string[]],
  options: SpawnOptions = {},
): Promise<Program> {
  const [program, ...args] = command
  const child = spawn(...onTestedCore(program, args), { stdio: ['ignore', 'ignore', 'inherit'], ...options })
  await accepts(port, name)
  return { name, version, port, pid: child.pid ?? 0, stop: () => end(child) }
}

/** Ends a child and waits until it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), 3_000)
  await gone
  clearTimeout(force)
}

/** Waits until a port of loopback accepts connections. */
export async function accepts(port: number, name: string): Promise<void> {
  const until = performance.now() + PATIENCE
  while (!(await connects(port))) {
    if (performance.now() > until) throw new Error(`${name} does not listen on port ${port} after ${PATIENCE / 1_000} s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** The version a program tells of itself; null where it is not installed. */
export function versionOf(program: string, args: readonly string[], pattern: RegExp): string | null {
  if (!existsSync(program)) return null
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return pattern.exec(stdout + stderr)?.[1] ?? 'unknown'
}
