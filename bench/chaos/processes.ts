import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** Looks again and again; false where it has not come true in time. */
export async function comesTrue(seconds: number, holds: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = performance.now() + seconds * 1_000
  while (!(await holds())) {
    if (performance.now() > end) return false
    await pause(50)
  }
  return true
}

/** Resolves when a child has printed a line; fails where it ends before. */
export function lineOf(child: ChildProcess, line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let out = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      if (out === line) return
      out += String(chunk)
      if (!out.split('\n').includes(line)) return
      out = line
      resolve()
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new Error(`it ended with ${code ?? signal ?? 'nothing'} before it was ${line}: ${out}`)))
  })
}

/** A process as /proc tells it; null where it is gone, or dead and not yet taken in. */
export interface ProcessFacts {
  readonly parent: number
  readonly megabytes: number
  readonly descriptors: number
}

export function factsOf(pid: number): ProcessFacts | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    const field = (name: string): string => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? ''
    if (field('State') === 'Z') return null
    return {
      parent: Number(field('PPid')),
      megabytes: Math.round(Number(field('VmRSS')) / 1024),
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
    }
  } catch {
    // It ended between two looks.
    return null
  }
}

/** Every process that is here, by what it was started with. */
export function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && factsOf(pid) !== null && commandOf(pid).some((part) => part.endsWith(word)))
}

/** Those that a process has started and that still run. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && factsOf(pid)?.parent === parent)
}

export function sizeOf(pid: number, field: 'VmSize' | 'VmData'): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')
  } catch {
    return []
  }
}
