import { connect, type Socket } from 'node:net'

const SIZE = 1024
const ANSWER = 4 + SIZE

/** Echoes of 1 KB messages a second over some WebSockets, each sending its next when the last came back. */
export async function echoesPerSecond(port: number, host: string, connections: number, seconds: number): Promise<number> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => openWebSocket(port, host)))
  const message = frame()
  let echoes = 0
  let broken = 0
  for (const socket of sockets) {
    let got = 0
    socket.on('data', (chunk: Buffer) => {
      got += chunk.length
      while (got >= ANSWER) {
        got -= ANSWER
        echoes++
        socket.write(message)
      }
    })
    socket.once('close', () => broken++)
    socket.write(message)
  }
  await pause(300)
  const before = echoes
  const started = performance.now()
  await pause(seconds * 1_000)
  const rate = (echoes - before) / ((performance.now() - started) / 1_000)
  if (broken > 0) throw new Error(`${broken} of ${connections} WebSockets on port ${port} were closed during the measurement`)
  for (const socket of sockets) socket.removeAllListeners('close').destroy()
  return rate
}

/** A binary frame as clients send it (RFC 6455 §5.2), its mask zero so that nobody has to compute it. */
function frame(): Buffer {
  const bytes = Buffer.alloc(8 + SIZE, 'x')
  bytes.writeUInt8(0x82, 0)
  bytes.writeUInt8(0x80 | 126, 1)
  bytes.writeUInt16BE(SIZE, 2)
  bytes.writeUInt32BE(0, 4)
  return bytes
}

function openWebSocket(port: number, host: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let head = ''
    socket.once('error', reject)
    socket.on('data', function read(chunk: Buffer) {
      head += chunk.toString('latin1')
      if (!head.includes('\r\n\r\n')) return
      socket.removeListener('data', read)
      if (head.startsWith('HTTP/1.1 101')) resolve(socket)
      else reject(new Error(`the WebSocket on port ${port} was answered ${head.slice(0, 40)}`))
    })
    socket.write(
      `GET /echo HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16, 'k').toString('base64')}\r\n\r\n`,
    )
  })
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
