import type { LookupAddress, LookupAllOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'

const GOOD_FOR_MS = 5_000
const BAD_FOR_MS = 1_000

interface Entry {
  addresses: readonly LookupAddress[]
  error: NodeJS.ErrnoException | null
  /** Of `elapsed`. */
  until: number
  waiting: ((entry: Entry) => void)[]
}

/**
 * A resolver that asks for each name once at a time and remembers the answer for a few seconds. The system's resolver has
 * four threads for the whole process: without this, requests for one name that does not answer would hold up every other.
 * Where a name that was known cannot be resolved for a while, its last good answer is used.
 */
export function cachedLookup(resolve: LookupFunction, elapsed: () => number): LookupFunction {
  const entries = new Map<string, Entry>()

  function ask(host: string, done: (entry: Entry) => void): void {
    const known = entries.get(host)
    if (known && known.waiting.length === 0 && elapsed() < known.until) return done(known)
    const entry = known ?? { addresses: [], error: null, until: Number.NEGATIVE_INFINITY, waiting: [] }
    entries.set(host, entry)
    entry.waiting.push(done)
    if (entry.waiting.length > 1) return
    const options: LookupAllOptions = { all: true }
    resolve(host, options, (error, found) => {
      const addresses = typeof found === 'string' ? [] : found
      if (error === null && addresses.length > 0) Object.assign(entry, { addresses, error: null, until: elapsed() + GOOD_FOR_MS })
      else Object.assign(entry, { error: entry.addresses.length > 0 ? null : (error ?? notFound(host)), until: elapsed() + BAD_FOR_MS })
      const waiting = entry.waiting.splice(0)
      for (const tell of waiting) tell(entry)
    })
  }

  return (host, options, callback) => {
    ask(host, ({ addresses, error }) => {
      const [first] = addresses
      if (error !== null || first === undefined) return callback(error ?? notFound(host), [])
      if (options.all) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    })
  }
}

function notFound(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`name not found: ${host}`), { code: 'ENOTFOUND' })
}
