import { type ChildProcess, spawn } from 'node:child_process'
import { openSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ask, type Reply } from './ask'
import type { Clock } from './clock'
import { CONSOLE_PORT } from './places'
import { comesTrue, factsOf, lineOf, processesWith } from './processes'

const OUT = path.resolve(import.meta.dirname, '../../out')

/** The built product, run as `serve` does, with a data directory of its own. */
export class Gateway {
  #host: ChildProcess | null = null

  constructor(
    readonly data: string,
    private readonly clock: Clock,
    private readonly log: string,
  ) {}

  get hostPid(): number {
    return this.#host?.pid ?? 0
  }

  /** A heap as small machines have it. */
  async startHost(): Promise<void> {
    const log = openSync(this.log, 'a')
    const child = spawn(
      process.execPath,
      [path.join(OUT, 'cli.js'), 'serve', '--data', this.data, '--console', `127.0.0.1:${CONSOLE_PORT}`],
      { stdio: ['ignore', 'pipe', log], env: { ...process.env, ...this.clock.environment, NODE_OPTIONS: '--max-old-space-size=256' } },
    )
    this.#host = child
    await lineOf(child, 'ready')
  }

  signalHost(signal: NodeJS.Signals): void {
    this.#host?.kill(signal)
  }

  /** Kills the host and waits until it is gone. */
  async killHost(): Promise<void> {
    const child = this.#host
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  /** Those that serve, whoever is their parent. */
  enginePids(): number[] {
    return processesWith('/engine.js')
  }

  /** The one that serves, as the host knows it. */
  async enginePid(): Promise<number> {
    return (await this.status()).engine.pid ?? 0
  }

  async status(): Promise<Status> {
    const reply = await this.call('GET', '/status')
    if (reply.status !== 200) throw new Error(`/status was answered ${reply.status}`)
    return JSON.parse(reply.text) as Status
  }

  call(method: string, target: string, body?: unknown, patience = 15_000): Promise<Reply> {
    const token = readFileSync(path.join(this.data, 'console-token'), 'utf8').trim()
    return ask({
      port: CONSOLE_PORT,
      from: '127.0.0.1',
      method,
      path: `/api/v1${target}`,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      patience,
    })
  }

  /** The console answers and its engine runs. */
  runs(seconds: number): Promise<boolean> {
    return comesTrue(seconds, () =>
      this.status().then(
        ({ engine }) => engine.state === 'running',
        () => false,
      ),
    )
  }

  /** Ends all of it, as a person would. */
  async stop(): Promise<void> {
    this.signalHost('SIGTERM')
    await comesTrue(20, () => factsOf(this.hostPid) === null)
  }

  configure(document: unknown): void {
    writeFileSync(path.join(this.data, 'config.json'), JSON.stringify(document), { mode: 0o600 })
  }
}

/** What the run reads of `GET /status`. */
export interface Status {
  readonly revision: string
  readonly engine: { readonly state: string; readonly pid: number | null; readonly restarts: number }
  readonly busy?: { readonly connections: number; readonly waiting: number; readonly running: number; readonly timers: number }
  readonly listeners: readonly { readonly connections: number }[]
  readonly services: readonly { readonly traffic: { readonly inFlight: number } }[]
}
