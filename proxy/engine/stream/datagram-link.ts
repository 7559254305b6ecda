import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import type { Dialer } from '../../outbound/dialer'
import type { Backend } from '../backend/backend'
import { guarded, type Answerable } from '../intake/border'
import { BUFFERS, type Holder } from '../intake/buffers'
import { BackendError, fromDialError, noDescriptor } from '../../outbound/backend-error'

/** Who gets what a backend sends, and hears of its failure, once. */
export interface LinkOwner extends Answerable {
  onReply(backend: Backend, bytes: Buffer): void
  onFailed(backend: Backend, error: BackendError): void
}

/** Datagrams that wait while a backend's name is looked up, and their bytes; more are lost, as datagrams may be. */
const MAX_WAITING = 64
const MOST_WAITING = 65_536
/** Larger ones are not sent again to another backend: 3,000 clients would have 180 MB waiting for what seldom comes. */
const MOST_AGAIN = 4_096
/** What the system has not taken may grow to this; more is lost. */
const MOST_UNSENT = 1_048_576
/** One datagram could not be sent, and for the next nothing follows from it. */
const LOST = new Set(['EMSGSIZE', 'ENOBUFS', 'EAGAIN', 'ECANCELED'])

/** A session's own socket towards its backend, tied to it: whatever comes from elsewhere never reaches the client. */
export class DatagramLink implements Holder {
  private readonly backend: Backend
  private readonly dialer: Dialer
  private readonly owner: LinkOwner
  private socket: Socket | null = null
  /** What waits for the socket to be ready; null: it is. */
  private queue: Buffer[] | null = []
  /** The last one sent, until something has come back: whoever is tried next gets it. */
  private latest: Buffer | null = null
  private answered = false
  private closed = false

  constructor(backend: Backend, dialer: Dialer, owner: LinkOwner) {
    this.backend = backend
    this.dialer = dialer
    this.owner = owner
  }

  open(): void {
    const { host } = this.backend.speaker.url
    this.dialer.addressesOf(host, (error, found) => {
      if (this.closed) return
      if (error !== null || found.length === 0) return this.fail(new BackendError('name-not-found', `name not found: ${host}`, true))
      this.connect(found.map(({ address }) => address))
    })
  }

  send(bytes: Buffer): void {
    if (!this.answered) this.latest = bytes.length > MOST_AGAIN ? null : ownCopy(bytes)
    if (this.queue === null) return this.put(bytes)
    if (this.queue.length >= MAX_WAITING || this.waiting + bytes.length > MOST_WAITING) return
    this.queue.push(bytes)
    if (BUFFERS.isFull(this)) this.queue.pop()
  }

  /** What waits until the backend's address is known. */
  get waiting(): number {
    return this.closed ? 0 : (this.queue ?? NOTHING).reduce((sum, { length }) => sum + length, 0)
  }

  /** What has reached nobody, as far as is known. */
  get unheard(): readonly Buffer[] {
    return this.queue ?? (this.latest === null ? [] : [this.latest])
  }

  close(): void {
    this.closed = true
    this.socket?.close()
    this.socket = null
  }

  private connect([address = '', ...others]: readonly string[]): void {
    const { host, port } = this.backend.speaker.url
    if (this.dialer.isOwnListener(address, port, 'udp'))
      return this.fail(new BackendError('loop', 'the address leads back to the gateway itself', true))
    if (!this.dialer.mayDial()) return this.fail(noDescriptor())
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
    this.socket = socket
    this.dialer.hold(socket)
    // A closed port is told by ICMP, to the next call. A failed connect comes here, too, as long as it has no callback (lib/dgram.js, doConnect).
    const whenFailed = (error: NodeJS.ErrnoException): void => {
      if (this.socket !== socket) return
      if (others.length === 0 || this.answered)
        return this.fail(
          error.code === 'ECONNREFUSED' ? new BackendError('refused', 'nothing listens on this port', true) : fromDialError(error, host),
        )
      this.socket = null
      socket.close()
      this.queue = [...this.unheard]
      this.connect(others)
    }
    socket.on('error', guarded(this.owner, whenFailed))
    const whenConnected = (): void => this.onConnected(socket)
    socket.once('connect', guarded(this.owner, whenConnected))
    socket.connect(port, address)
  }

  private onConnected(socket: Socket): void {
    if (this.socket !== socket) return
    const { queue } = this
    const remote = socket.remoteAddress()
    // Until now anybody could put something into its queue, and connect(2) leaves that there.
    const whenHeard = (bytes: Buffer, from: RemoteInfo): void => {
      if (from.port !== remote.port || from.address !== remote.address || this.closed) return
      this.answered = true
      this.latest = null
      this.owner.onReply(this.backend, bytes)
    }
    socket.on('message', guarded(this.owner, whenHeard))
    this.queue = null
    for (const bytes of queue ?? []) this.put(bytes)
  }

  private put(bytes: Buffer): void {
    const { socket } = this
    if (socket === null || socket.getSendQueueSize() > MOST_UNSENT) return
    socket.send(bytes, (error: NodeJS.ErrnoException | null) => {
      if (error !== null && !LOST.has(error.code ?? '') && this.socket === socket) socket.emit('error', error)
    })
  }

  private fail(error: BackendError): void {
    if (!this.closed) this.owner.onFailed(this.backend, error)
  }
}

const NOTHING: readonly Buffer[] = []

/** A datagram without the buffer of 64 KB, or the shared one, that it may lie in. */
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}
