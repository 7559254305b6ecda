import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { errorCode } from '../store/system-words'

/** How far above the wished-for port a free one is looked for. */
const REACH = 200

/** Tries to listen; null where it works, else the system's code, such as EADDRINUSE or EACCES. */
export function canListen(address: string, port: number, transport: 'tcp' | 'udp' = 'tcp'): Promise<string | null> {
  return transport === 'udp' ? canReceive(address, port) : canAccept(address, port)
}

function canReceive(address: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    socket.once('error', (error) => {
      socket.close()
      resolve(errorCode(error) ?? 'EUNKNOWN')
    })
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(null)))
  })
}

function canAccept(address: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(errorCode(error) ?? 'EUNKNOWN'))
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}

/** The first free port from `port` on, leaving out `taken`; null where there is none near. */
export async function nextFreePort(
  address: string,
  port: number,
  taken: ReadonlySet<number> = new Set(),
  transport: 'tcp' | 'udp' = 'tcp',
): Promise<number | null> {
  for (let candidate = port; candidate <= Math.min(port + REACH, 65_535); candidate++) {
    if (!taken.has(candidate) && (await canListen(address, candidate, transport)) === null) return candidate
  }
  return null
}
