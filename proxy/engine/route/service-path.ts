import { leadsOut, withoutSegments, type RequestPath } from './request-path'

/** Why a path cannot be given to the service it leads to; null: it can. `stripped` is how many segments are taken off. */
export function stripFault(path: RequestPath, stripped: number): string | null {
  // An encoded slash among what is taken off would take more with it than was matched.
  if (stripped > 0) {
    const off = path.raw.split('/', stripped + 1).join('/')
    if (/%2f|%5c/i.test(off)) return 'an encoded slash in the part of the path that is taken off'
  }
  // Where both readings are the path as it came, there are no dots in it.
  return path.lenient !== path.raw && leadsOut(withoutSegments(path.raw, stripped)) ? 'the path leads out of the service' : null
}

/** The target that a backend is asked for. `basePath` of its URL, `/` for none. */
export function backendTarget({ raw, query }: RequestPath, stripped: number, basePath: string): string {
  if (raw === '*') return '*'
  const rest = stripped > 0 ? withoutSegments(raw, stripped) : raw
  return (basePath === '/' ? rest : basePath + rest) + query
}

/** Whether a path is that of a stripped service itself, without the final slash that its relative links count from. */
export function lacksSlash(raw: string, stripped: number): boolean {
  if (stripped === 0 || raw.endsWith('/')) return false
  let slashes = 0
  for (let at = raw.indexOf('/'); at !== -1 && slashes <= stripped; at = raw.indexOf('/', at + 1)) slashes += 1
  return slashes === stripped
}

/** A service's path as it is written into a header; a configuration may hold letters beyond ASCII. */
export function writtenPath(path: string): string {
  return path.replace(/[^\x21-\x7e]+/g, (letters) => Buffer.from(letters).toString('hex').replace(/../g, '%$&').toUpperCase())
}
