import { rangeOf } from '../../proxy/contract/config/facts'

/** The ports that a listener can have. */
export const PORTS = rangeOf('listeners.port')

/**
 * What is wrong with a number as typed at a key of the configuration, in a sentence; null: nothing. Only plain digits are taken:
 * `1e1` and `0x10` are numbers to JavaScript alone.
 */
export function wholeNumberProblem(text: string, place: string): string | null {
  const range = rangeOf(place)
  return isWithin(text, range) ? null : `Write a whole number from ${range.min} to ${range.max}.`
}

/** What is wrong with a port as typed, in a sentence; null: nothing. */
export function portProblem(text: string): string | null {
  return isWithin(text, PORTS) ? null : `Write a port from ${PORTS.min} to ${PORTS.max}.`
}

function isWithin(text: string, { min, max }: { readonly min: number; readonly max: number }): boolean {
  const bare = text.trim()
  return /^\d{1,15}$/.test(bare) && Number(bare) >= min && Number(bare) <= max
}
