import v8 from 'node:v8'
import { runInThisContext } from 'node:vm'
import { z } from 'zod'
import { takeApart } from './pattern'

/** V8's own means to give up a search after so many steps back; a search that was given up finds nothing. */
v8.setFlagsFromString('--allow-natives-syntax')
const make = z
  .custom<(source: string, flags: string, limit: number) => RegExp>((value) => typeof value === 'function')
  .parse(runInThisContext('(source, flags, limit) => %NewRegExpWithBacktrackLimit(source, flags, limit)'))

/**
 * A search that gives up after so many steps back. It always finds something else: at each place the expression is tried, and
 * where it fits nowhere the empty text is found.
 */
export function limitedSearch(source: string, flags: string, limit: number): (text: string) => 'ended' | 'given up' {
  const { counted } = takeApart(source, flags)
  // One that is repeated goes on behind what it has found.
  const whole = flags.includes('g') ? `(?:(?:${counted})|[^])*` : `[^]*?(?:${counted})|`
  const search = make(whole, flags.replace(/[gy]/g, ''), limit)
  return (text) => (search.exec(text) === null ? 'given up' : 'ended')
}
