import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')

/** What this process holds in memory once all that nobody holds any more has been collected, in bytes. */
export function held(): number {
  // What lies in buffers is given back beside the first collection, and counted by the second.
  for (let times = 0; times < 2; times++) if (typeof collect === 'function') collect()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + Math.max(external, arrayBuffers)
}
