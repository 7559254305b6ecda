import { type ChildProcess, fork, type StdioOptions } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { Emitter, guard, real } from './guard'
import { boot, world } from './world'

/** A utility process: a Node child whose `process.parentPort` is our channel; see child.ts. */
class UtilityProcess extends Emitter implements Pick<Electron.UtilityProcess, 'postMessage' | 'kill' | 'pid' | 'stdout' | 'stderr'> {
  readonly stdout: NodeJS.ReadableStream | null
  readonly stderr: NodeJS.ReadableStream | null
  #child: ChildProcess | null

  constructor(modulePath: string, args: readonly string[], options: Electron.ForkOptions) {
    super()
    if (!world.app?.isReady()) throw new Error('utilityProcess cannot be created before app is ready.')
    const output = options.stdio === 'pipe' ? 'pipe' : 'inherit'
    const stdio: StdioOptions = ['ignore', output, output, 'ipc']
    const child = fork(modulePath, args, {
      cwd: options.cwd,
      env: (options.env as NodeJS.ProcessEnv | undefined) ?? process.env,
      execArgv: ['--import', boot().childShim],
      serialization: 'advanced',
      stdio,
    })
    this.#child = child
    this.stdout = child.stdout?.pipe(new PassThrough()) ?? null
    this.stderr = child.stderr?.pipe(new PassThrough()) ?? null
    world.children.add(this)
    child.once('spawn', () => this.emit('spawn'))
    child.on('message', (message) => this.emit('message', message))
    child.once('exit', (code, signal) => {
      this.#child = null
      world.children.delete(this)
      this.emit('exit', code ?? (signal ? 15 : 0))
    })
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  postMessage(message: unknown, transfer?: unknown[]): void {
    if (transfer?.length) throw new Error('electron stand-in: transfer in utilityProcess.postMessage is not implemented')
    if (this.#child?.connected) this.#child.send(message as object)
  }

  kill(): boolean {
    return this.#child?.kill() ?? false
  }
}

export const utilityProcess = guard('utilityProcess', {
  fork: (modulePath: string, args: string[] = [], options: Electron.ForkOptions = {}) =>
    real<Electron.UtilityProcess>(new UtilityProcess(modulePath, args, options)),
} satisfies Partial<typeof Electron.utilityProcess>)
