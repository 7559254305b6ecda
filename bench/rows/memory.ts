import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import type { BenchBackend } from '../backend'
import { featureDocument, HOST, startVariant } from '../programs/ours'
import type { Row } from '../row'

const CONNECTIONS = 10_000
/** Opened at a time, below any backlog. */
const BATCH = 200
const IDLE_MB = 80
const CONNECTED_MB = 250

/** Memory of a fresh engine process: at rest, and with ten thousand clients that have asked once and stay. */
export async function memory(backend: BenchBackend): Promise<Row[]> {
  const engine = await startVariant('memory', (port) => featureDocument(port, backend))
  const sockets: Socket[] = []
  try {
    const idle = residentMegabytes(engine.pid)
    for (let opened = 0; opened < CONNECTIONS; opened += BATCH)
      sockets.push(...(await Promise.all(Array.from({ length: BATCH }, () => askAndStay(engine.port)))))
    const connected = residentMegabytes(engine.pid)
    const dropped = sockets.filter((socket) => socket.destroyed).length
    const served = await askAndStay(engine.port)
    sockets.push(served)
    return [
      row('memory of the engine, idle', idle, IDLE_MB, 'resident, 40 services loaded'),
      {
        ...row(
          'memory with 10,000 idle connections',
          connected,
          CONNECTED_MB,
          `resident, each was answered once; ${dropped} were dropped, one more was served`,
        ),
        holds: idle === null || connected === null ? null : connected <= CONNECTED_MB && dropped === 0,
      },
    ]
  } finally {
    for (const socket of sockets) socket.destroy()
    await engine.stop()
  }
}

function row(figure: string, value: number | null, most: number, note: string): Row {
  return {
    figure,
    value,
    unit: 'MB',
    goal: `≤ ${most} MB`,
    holds: value === null ? null : value <= most,
    note: value === null ? 'this system does not tell (no /proc)' : note,
  }
}

/** Null where the system has no /proc. */
export function residentMegabytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024)
  } catch {
    return null
  }
}

function askAndStay(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', reject)
    socket.once('data', (chunk) => {
      socket
        .removeAllListeners('error')
        .on('error', () => undefined)
        .on('data', () => undefined)
      if (chunk.toString('latin1').startsWith('HTTP/1.1 200')) resolve(socket)
      else reject(new Error(`an idle connection was answered ${chunk.toString('latin1', 0, 40)}`))
    })
    socket.write(`GET / HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`)
  })
}
