import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/**
 * Configuration cannot name port 0, so a test picks a port and has it later, or again. Picked below what systems hand out by
 * themselves (Linux: 32768 and up, net.ipv4.ip_local_port_range; elsewhere 49152, RFC 6335 §6), and each worker from a slice of
 * its own: nobody else gets the port meanwhile.
 */
const FIRST = 12_000
const SLICES = 40
const SLICE = 500
const slice = FIRST + (workerIndex() % SLICES) * SLICE
// A worker may be a new process at each file: it does not begin where the last one did.
let next = Math.floor(Math.random() * SLICE)

/** A port of `host` that nobody listens on. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return pick((port) => {
    const server = createServer()
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => void server.close(() => resolve()))
    })
  })
}

/** A port of `host` that no datagram socket has. */
export function freeUdpPort(host = '127.0.0.1'): Promise<number> {
  return pick((port) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    return new Promise((resolve, reject) => {
      socket.once('error', reject)
      socket.bind(port, host, () => void socket.close(() => resolve()))
    })
  })
}

/** Which of all workers this is: Playwright’s count from 0, Vitest’s from 1. */
function workerIndex(): number {
  const { TEST_PARALLEL_INDEX, VITEST_POOL_ID } = process.env
  return TEST_PARALLEL_INDEX === undefined ? Number(VITEST_POOL_ID ?? 0) : SLICES / 2 + Number(TEST_PARALLEL_INDEX)
}

async function pick(tryPort: (port: number) => Promise<void>): Promise<number> {
  for (let tries = 1; ; tries++) {
    const port = slice + (next++ % SLICE)
    try {
      await tryPort(port)
      return port
    } catch (error) {
      // In use, or kept by the system: the next one.
      if (tries === SLICE) throw error
    }
  }
}
