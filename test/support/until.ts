import { setTimeout as delay } from 'node:timers/promises'

/** Waits until `probe` gives something that is neither false, null nor undefined; fails after `timeout` ms saying what was awaited. */
export async function until<T>(what: string, probe: () => T | Promise<T>, timeout = 20_000): Promise<NonNullable<T>> {
  const end = performance.now() + timeout
  for (;;) {
    const value = await probe()
    if (value !== false && value !== null && value !== undefined) return value
    if (performance.now() > end) throw new Error(`waited ${timeout} ms in vain for: ${what}`)
    await delay(10)
  }
}
