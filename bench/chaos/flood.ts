import { connect, type Socket } from 'node:net'
import { GATEWAY, REFUSED, WEB_PORT } from './places'

/** The head of a request that is refused, nearly as long as heads may be. */
const HEAD = `GET / HTTP/1.1\r\nHost: guarded.test\r\nX-Long: ${'x'.repeat(31_000)}\r\n\r\n`

/** So many connections of a refused client ask without end; gives what ends them. */
export function flood(connections: number): () => void {
  const sockets = new Set<Socket>()
  let going = true
  const open = (): void => {
    const socket = connect({ port: WEB_PORT, host: GATEWAY, localAddress: REFUSED })
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('connect', () => socket.write(HEAD))
    socket.on('data', () => socket.write(HEAD))
    socket.on('close', () => {
      sockets.delete(socket)
      if (going) setTimeout(open, 50)
    })
  }
  for (let number = 0; number < connections; number++) open()
  return () => {
    going = false
    for (const socket of sockets) socket.destroy()
  }
}
