import type { RemoteInfo, Socket as DatagramSocket } from 'node:dgram'
import { createServer, Server, type Socket } from 'node:net'

/** How clients are accepted: one may end its half once it has asked, and still wants the answer. */
export const ACCEPTING = { allowHalfOpen: true, noDelay: true, pauseOnConnect: true } as const

/** So many datagrams are kept for the listener that is going to have their port. */
const EARLY_DATAGRAMS = 1_000

/** A port that another engine had open and handed over. What comes to it before it is taken waits. */
export type InheritedPort =
  | { readonly transport: 'tcp'; readonly server: Server; readonly take: (accept: (socket: Socket) => void) => void }
  | {
      readonly transport: 'udp'
      readonly socket: DatagramSocket
      readonly take: (hear: (bytes: Buffer, from: RemoteInfo) => void) => void
    }

/** Does something as soon as what came early may be served. */
type Later = (work: () => void) => void

/** The ports that a predecessor handed over, by the key of their listener; each is taken once. */
export class InheritedPorts {
  readonly #ports = new Map<string, InheritedPort>()
  #due: (() => void)[] | null = []

  /** Keeps an open port of a predecessor; in the very turn in which it came, since it is accepting from then on. */
  add(key: string, handle: Server | DatagramSocket): void {
    this.#ports.set(key, handle instanceof Server ? holdServer(handle, this.#later) : holdSocket(handle, this.#later))
  }

  take(key: string): InheritedPort | null {
    const port = this.#ports.get(key) ?? null
    this.#ports.delete(key)
    return port
  }

  /** The first configuration is the present one: before it, who came early would be judged by none, and be turned away. */
  serve(): void {
    const due = this.#due ?? []
    this.#due = null
    for (const work of due) work()
  }

  /** Lets go of those that nobody has taken. */
  closeRest(): void {
    this.serve()
    for (const port of this.#ports.values())
      if (port.transport === 'udp') port.socket.close()
      else {
        port.server.close()
        port.take((socket) => socket.destroy())
      }
    this.#ports.clear()
  }

  readonly #later: Later = (work) => {
    if (this.#due === null) work()
    else this.#due.push(work)
  }
}

function holdServer(handed: Server, later: Later): InheritedPort {
  const early: Socket[] = []
  let accept = (socket: Socket): void => void early.push(socket)
  // The one that was handed over accepts by Node's defaults; this one takes the same port from it, by ours.
  const server = createServer(ACCEPTING, (socket) => accept(socket)).listen(handed)
  server.on('error', () => undefined)
  return {
    transport: 'tcp',
    server,
    take: (accepts) =>
      later(() => {
        accept = accepts
        for (const socket of early.splice(0)) accepts(socket)
      }),
  }
}

function holdSocket(socket: DatagramSocket, later: Later): InheritedPort {
  const early: [Buffer, RemoteInfo][] = []
  const keep = (bytes: Buffer, from: RemoteInfo): void => {
    if (early.length < EARLY_DATAGRAMS) early.push([bytes, from])
  }
  socket.on('message', keep)
  socket.on('error', () => undefined)
  return {
    transport: 'udp',
    socket,
    take: (hear) =>
      later(() => {
        socket.off('message', keep).on('message', hear)
        for (const [bytes, from] of early.splice(0)) hear(bytes, from)
      }),
  }
}
