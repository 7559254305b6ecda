import { fork, type ChildProcess } from 'node:child_process'
import { Socket as DatagramSocket } from 'node:dgram'
import { Server } from 'node:net'
import { z } from 'zod'
import type { EngineProgram } from '../contract/engine-door'
import type { InheritedPorts } from './edge/inherited'

/** A successor that has not taken the ports after this long is not going to. */
const TAKE_MS = 15_000

/** What goes from an engine to its successor: a port with each, then that there are no more. */
const handedSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('port'), key: z.string() }),
  z.object({ kind: z.literal('all') }),
])
type Handed = z.output<typeof handedSchema>

/** What the successor says: that it is there, and that it has them all. */
const READY = 'ready'
const TAKEN = 'taken'

/** A UDP socket cannot be handed over on Windows (Node: child_process, `subprocess.send`); there the successor opens its own. */
const canHandOver = (handle: Server | DatagramSocket): boolean => handle instanceof Server || process.platform !== 'win32'

/**
 * Starts another engine and gives it the open ports, so that both accept on the same ones: what waits to be accepted belongs
 * to both, and none of it is lost when this one lets go. Resolves with its pid when it has them all; it serves once it is
 * given a configuration. Rejects with an Error where it cannot be started, and has then been ended.
 */
export async function handOver(program: EngineProgram, handles: readonly [string, Server | DatagramSocket][]): Promise<number> {
  const child = fork(program.args[0] ?? '', program.args.slice(1), {
    execPath: program.file,
    execArgv: process.execArgv,
    env: { ...process.env, ...program.environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  })
  try {
    await heard(child, READY)
    // At once: what waits to be sent to one that ends is answered by nothing but its end.
    await Promise.all([heard(child, TAKEN), giveAll(child, handles)])
    return child.pid ?? 0
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  } finally {
    if (child.connected) child.disconnect()
    child.unref()
  }
}

/** Whether another engine has started this one, to take its place. */
export function isSuccessor(): boolean {
  return process.send !== undefined
}

/** In a successor: takes the ports of the engine that started it. Resolves at once where none did. */
export async function inheritPorts(ports: InheritedPorts): Promise<void> {
  if (process.send === undefined) return
  await new Promise<void>((resolve) => {
    process.once('disconnect', resolve)
    process.on('message', (raw, handle) => {
      const handed = handedSchema.safeParse(raw)
      if (!handed.success) return
      if (handed.data.kind === 'all') process.send?.(TAKEN, () => resolve())
      else if (handle instanceof Server || handle instanceof DatagramSocket) ports.add(handed.data.key, handle)
    })
    process.send?.(READY)
  })
}

async function giveAll(child: ChildProcess, handles: readonly [string, Server | DatagramSocket][]): Promise<void> {
  for (const [key, handle] of handles) if (canHandOver(handle)) await give(child, { kind: 'port', key }, handle)
  await give(child, { kind: 'all' })
}

function give(child: ChildProcess, message: Handed, handle?: Server | DatagramSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    child.send(message, handle, (error) => (error === null ? resolve() : reject(error)))
  })
}

function heard(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => end(new Error('the next process of the gateway did not take over in time')), TAKE_MS)
    const onMessage = (message: unknown): void => {
      if (message === word) end(null)
    }
    const onExit = (): void => end(new Error('the next process of the gateway ended before it took over'))
    const onError = (error: Error): void => end(error)
    function end(error: Error | null): void {
      clearTimeout(late)
      child.off('message', onMessage).off('exit', onExit).off('error', onError)
      // A failure to start has no other listener, and would end this process.
      child.on('error', () => undefined)
      if (error === null) resolve()
      else reject(error)
    }
    child.on('message', onMessage).on('exit', onExit).on('error', onError)
  })
}
