import { connect, type Socket } from 'node:net'

/** What came back on a bare connection. */
export interface RawAnswer {
  readonly text: string
  readonly status: number
  readonly head: string
  readonly body: string
}

/** Sends bytes as they are and reads until the other side ends the connection. */
export function sendRaw(port: number, message: string | Buffer, host = '127.0.0.1'): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host })
    const chunks: Buffer[] = []
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? finish() : reject(error)))
    socket.on('data', (chunk) => void chunks.push(chunk))
    socket.on('close', finish)
    socket.write(message)
    function finish(): void {
      resolve(parse(Buffer.concat(chunks).toString('latin1')))
    }
  })
}

/** Opens a connection and writes to it; the test goes on with the socket. */
export function openRaw(port: number, message = '', host = '127.0.0.1', localAddress?: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host, ...(localAddress === undefined ? {} : { localAddress }) })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      socket.on('error', () => undefined)
      if (message !== '') socket.write(message)
      resolve(socket)
    })
  })
}

/** Collects what a socket gets until `enough` says so or it ends. */
export function readUntil(socket: Socket, enough: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const finish = (): void => {
      socket.removeListener('data', onData)
      socket.removeListener('close', finish)
      resolve(text)
    }
    function onData(chunk: Buffer): void {
      text += chunk.toString('latin1')
      if (enough(text)) finish()
    }
    socket.on('data', onData)
    socket.once('close', finish)
  })
}

function parse(text: string): RawAnswer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  return {
    text,
    head,
    body: /^transfer-encoding: chunked/im.test(head) ? body.replace(/(?:^|\r\n)[0-9a-f]+\r\n/gi, '').replace(/\r\n$/, '') : body,
    status: Number(/^HTTP\/1\.[01] (\d+)/.exec(text)?.[1] ?? 0),
  }
}
