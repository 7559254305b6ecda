import { readFileSync } from 'node:fs'

/** When a process was born, in the kernel's ticks, so that a reused pid is not taken for it; null where /proc is not, or it is gone. */
export function processBirth(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc_pid_stat(5): the second field is in parentheses and may hold anything; starttime is the 22nd.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null // no such process
  }
}

/** A process that is told apart from a later one with the same pid. */
export interface ProcessMark {
  readonly pid: number
  readonly born: string | null
}

/** Whether it is still there. */
export function isAlive({ pid, born }: ProcessMark): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
  return process.platform !== 'linux' || processBirth(pid) === born
}

/** Ends it at once, if it is still there. */
export function killProcess(mark: ProcessMark): void {
  if (!isAlive(mark)) return
  try {
    process.kill(mark.pid, 'SIGKILL')
  } catch {
    // gone meanwhile, which is what was wanted
  }
}
