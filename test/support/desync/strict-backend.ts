import { createServer, type AddressInfo, type Socket } from 'node:net'
import { readStrictly, type StrictRequest } from './strict-request'

export interface SeenRequest extends StrictRequest {
  /** Which connection it came on, counted from 1. */
  readonly connection: number
}

/** A backend on a bare socket that is the oracle: what it saw is what got through. */
export interface StrictBackend {
  readonly url: string
  /** Whole requests, in the order they came. */
  readonly requests: readonly SeenRequest[]
  /** What a strict program must not get. */
  readonly violations: readonly string[]
  /** Every byte that came, latin1. */
  readonly received: () => string
  /** Answers requests for a target with these bytes instead; `ends` closes the connection after them. */
  answerWith(target: string, bytes: string, ends: boolean): void
  forget(): void
  stop(): Promise<void>
}

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

export async function startStrictBackend(): Promise<StrictBackend> {
  let connections = 0
  let received = ''
  const scripts = new Map<string, { bytes: string; ends: boolean }>()
  const requests: SeenRequest[] = []
  const violations: string[] = []
  const open = new Set<Socket>()

  const server = createServer({ noDelay: true }, (socket) => {
    const connection = ++connections
    let pending = ''
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      pending += chunk.toString('latin1')
      for (let reading = readStrictly(pending); reading.kind !== 'partial'; reading = readStrictly(pending)) {
        if (reading.kind === 'violation') {
          violations.push(reading.reason)
          socket.destroy()
          return
        }
        pending = pending.slice(reading.request.length)
        requests.push({ ...reading.request, connection })
        answer(socket, reading.request)
        if (pending === '') return
      }
    })
  })
  function answer(socket: Socket, { method, target }: StrictRequest): void {
    const script = scripts.get(target)
    if (script?.ends) socket.end(script.bytes, 'latin1')
    else socket.write(script?.bytes ?? (method === 'HEAD' ? ANSWER.slice(0, -2) : ANSWER), 'latin1')
  }
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    violations,
    received: () => received,
    answerWith(target, bytes, ends) {
      scripts.set(target, { bytes, ends })
    },
    forget() {
      requests.length = 0
      violations.length = 0
      received = ''
      scripts.clear()
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
