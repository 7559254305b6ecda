import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import type { SoakPorts } from './soak-world'

const PATIENCE = 30_000
const TEXT = Buffer.alloc(200_000, 's')
const DATAGRAMS = 20

/** Sends bytes to a machine that sends them back, ends its half, and leaves when all have come. */
export function stream({ tcp: port }: SoakPorts): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let bytes = 0
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('a stream fell silent')))
    socket.on('error', reject)
    socket.on('data', (chunk) => (bytes += chunk.length))
    socket.on('close', () => (bytes === TEXT.length ? resolve() : reject(new Error(`a stream brought ${bytes} bytes back`))))
    socket.end(TEXT)
  })
}

/** Sends datagrams, each after the answer to the one before. */
export function datagrams({ udp: port }: SoakPorts): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    let left = DATAGRAMS
    const patience = setTimeout(() => finish(new Error(`${left} of ${DATAGRAMS} datagrams were not answered`)), PATIENCE)
    const finish = (error: Error | null): void => {
      clearTimeout(patience)
      socket.close()
      if (error === null) resolve()
      else reject(error)
    }
    socket.on('error', finish)
    socket.on('message', () => {
      left -= 1
      if (left === 0) finish(null)
      else socket.send('ping')
    })
    socket.connect(port, '127.0.0.1', () => socket.send('ping'))
  })
}
