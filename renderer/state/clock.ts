import { useSyncExternalStore } from 'react'
import { elapsed, wallTime } from '../../proxy/contract/clock'

const listeners = new Set<() => void>()
let now = wallTime()
let lapsed = elapsed()
let timer = 0

function tick(): void {
  now = wallTime()
  lapsed = elapsed()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1) {
    tick()
    timer = window.setInterval(tick, 1_000)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.clearInterval(timer)
  }
}

/** The time of day, moving once a second while a component watches it. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now)
}

/** The same by the clock that never jumps, for how long ago something was. */
export function useElapsed(): number {
  return useSyncExternalStore(subscribe, () => lapsed)
}
