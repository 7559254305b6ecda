import { readdirSync, readFileSync, statSync } from 'node:fs'

/** Where the system does not say how many there may be: Windows has no such limit, macOS gives a process so many. */
const ASSUMED: Readonly<Partial<Record<NodeJS.Platform, number>>> = { win32: 1_000_000, darwin: 10_240 }
const OTHERWISE = 1_024
const UNLIMITED = 1_000_000
/** What a Node process has open before it does anything: loops, pipes, the channel to its parent. */
const AT_START = 32

/** How many descriptors the system lets this process have (getrlimit(2), RLIMIT_NOFILE; Node raises it as far as it may). */
export function openFilesLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    if (soft !== undefined) return soft === 'unlimited' ? UNLIMITED : Number(soft)
  } catch {
    // not Linux
  }
  return ASSUMED[process.platform] ?? OTHERWISE
}

/** How many this process has open now, at no cost worth speaking of; null where the system does not count them (Linux does since 6.2). */
export function openFilesNow(): number | null {
  try {
    return statSync('/proc/self/fd').size || null
  } catch {
    return null
  }
}

/** How many it has at its start. */
export function openFilesAtStart(): number {
  const now = openFilesNow()
  if (now !== null) return now
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return AT_START
  }
}
