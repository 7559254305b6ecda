import { createServer } from 'node:net'
import { errorCode } from '../store/system-words'

/** How far above the wished-for port a free one is looked for. */
const REACH = 200

/** Tries to listen; null where it works, else the system's code, such as EADDRINUSE or EACCES. */
export function canListen(address: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(errorCode(error) ?? 'EUNKNOWN'))
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

/** The first free port from `port` on, leaving out `taken`; null where there is none near. */
export async function nextFreePort(address: string, port: number, taken: ReadonlySet<number> = new Set()): Promise<number | null> {
  for (let candidate = port; candidate <= Math.min(port + REACH, 65_535); candidate++) {
    if (!taken.has(candidate) && (await canListen(address, candidate)) === null) return candidate
  }
  return null
}
