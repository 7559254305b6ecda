import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { endLeftEngine } from './left-engine'
import { until } from './until'

const CLI = path.resolve(import.meta.dirname, '../../out/cli.js')

export interface CliResult {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a command of the built command line to its end. */
export function cli(...args: string[]): Promise<CliResult> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)))
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

/** A gateway that runs in a process of its own. */
export interface Served {
  readonly child: ChildProcess
  readonly data: string
  /** Of the console. */
  readonly origin: string
  readonly out: () => string
  readonly err: () => string
  /** A call of the automation API with the token. */
  readonly api: (method: string, target: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>
  /** The end of the process: its exit code. */
  readonly ended: Promise<number | null>
}

/** Runs `serve` on a data directory until the test ends; resolves when it has printed `ready`. */
export function serve(data: string, ...args: string[]): Promise<Served> {
  return serveWith([process.execPath], data, ...args)
}

/** Runs `serve` of another build. */
export function serveBuilt(program: string, data: string, ...args: string[]): Promise<Served> {
  return serveProgram([process.execPath, program], data, args)
}

/** The same by a command of its own that ends in running Node, such as one that enters a namespace first. */
export function serveWith(command: readonly string[], data: string, ...args: string[]): Promise<Served> {
  return serveProgram([...command, CLI], data, args)
}

async function serveProgram([command = '', ...before]: readonly string[], data: string, args: readonly string[]): Promise<Served> {
  const child = spawn(command, [...before, 'serve', '--data', data, '--console', '127.0.0.1:0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)))
  child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)))
  const ended = new Promise<number | null>((resolve) => void child.on('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    await endLeftEngine(data)
  })
  await until('“ready”', () => out.includes('ready\n') || child.exitCode !== null)
  if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}: ${out}${err}`)
  const { origin } = JSON.parse(readFileSync(path.join(data, 'console.json'), 'utf8')) as { origin: string }
  const token = readFileSync(path.join(data, 'console-token'), 'utf8').trim()
  return {
    child,
    data,
    origin,
    ended,
    out: () => out,
    err: () => err,
    api: (method, target, body, headers = {}) =>
      fetch(`${origin}/api/v1${target}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  }
}
