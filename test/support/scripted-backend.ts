import { createServer, type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A backend on a bare socket that does what the test says. */
export interface ScriptedBackend {
  readonly url: string
  /** What came in on each connection, byte for byte (latin1). */
  readonly got: string[]
}

/** `onRequest` is called once a request's head has come, for each on a connection; `nth` counts them from 0 over all connections. */
export async function scriptedBackend(onRequest: (socket: Socket, nth: number) => void): Promise<ScriptedBackend> {
  const got: string[] = []
  let nth = 0
  const server = createServer((socket) => {
    const at = got.push('') - 1
    let read = 0
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      got[at] += chunk.toString('latin1')
      const text = got[at] ?? ''
      for (let end = text.indexOf('\r\n\r\n', read); end !== -1; end = text.indexOf('\r\n\r\n', read)) {
        read = end + 4
        onRequest(socket, nth++)
      }
    })
    onTestFinished(() => void socket.destroy())
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got }
}
