import type { EventEmitter } from 'node:events'
import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { connect, type LookupFunction, type OnReadOpts, type Socket } from 'node:net'
import { connect as secure, createSecureContext, type SecureContext } from 'node:tls'
import { parseAddress } from '../contract/address'
import { BackendError, fromDialError, noDescriptor } from './backend-error'

/** Where a connection leads, and as whom the other end has to prove itself. */
export interface DialTarget {
  readonly secure: boolean
  readonly host: string
  readonly port: number
  /** Whether the certificate of a secure backend has to be valid. */
  readonly verify: boolean
  /** The name that is asked for in TLS and that the certificate has to be for; empty: none is asked for, and it has to be for the address. */
  readonly serverName: string
  /** The same for connections that may stand for one another. */
  readonly identity: string
}

export interface DialOptions {
  /** For name, connection and TLS together, in ms. */
  readonly timeout: number
  /** Whether the connection stays when the backend has ended its half. */
  readonly halfOpen?: boolean
  /** Sent before anything else, TLS included, as a PROXY header is; null: nothing. */
  readonly head?: Buffer | null
  /** Whether nobody's visit hangs on it, as with a check: for these there is a reserve of descriptors. */
  readonly isCheck?: boolean
}

/** Whoever reads what comes on a connection. */
export interface ReadingEnd {
  /** For sockets that read into a buffer of ours. */
  readonly onread: OnReadOpts
  /** For those that cannot, such as TLS ones. */
  listen(socket: Socket): void
}

export interface DialerOptions {
  readonly lookup: LookupFunction
  /** Whether a connection to this address and port ends at one of the gateway's own listeners. */
  readonly isOwnListener: (address: string, port: number, transport?: 'tcp' | 'udp') => boolean
  /** Counts the descriptors of connections; absent: nobody does. */
  readonly descriptors?: {
    /** Whether there is one for a client's backend. */
    mayDial(): boolean
    hold(socket: Pick<EventEmitter, 'once'>): void
  }
}

/** The system's resolver. */
export const SYSTEM_LOOKUP: LookupFunction = systemLookup

/** `localhost` is 127.0.0.1 for one program and ::1 for the next, so both are tried, whatever the hosts file says. */
const LOCALHOST: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
]
/** Sessions of so many targets are kept to be resumed. */
const MAX_SESSIONS = 1_024

/** Opens every connection to a backend, whoever wants one: traffic, checks, tests, lock-down. */
export class Dialer {
  readonly isOwnListener: DialerOptions['isOwnListener']
  private readonly options: DialerOptions
  /** The last session of each target, so that the next handshake needs no certificate (RFC 8446 §2.2). */
  private readonly sessions = new Map<string, Buffer>()
  /** One for all: each of its own would read the system's certificates anew. */
  private context: SecureContext | null = null

  constructor(options: DialerOptions) {
    this.options = options
    this.isOwnListener = options.isOwnListener
  }

  /** Opens a connection, ready to be spoken on. `done` is called once. */
  dial(
    target: DialTarget,
    { timeout, halfOpen = false, head = null, isCheck = false }: DialOptions,
    done: (error: BackendError | null, socket: Socket | null) => void,
    reader: ReadingEnd | null = null,
  ): void {
    const { descriptors } = this.options
    // In a later turn, as every other end of a dial is told.
    if (!isCheck && !this.mayDial()) return void setImmediate(() => done(noDescriptor(), null))
    const socket = connect({
      host: target.host,
      port: target.port,
      lookup: isLocalhost(target.host) ? lookupLocalhost : this.options.lookup,
      autoSelectFamily: true,
      // Node gives each address 250 ms by default, too little for a far one (nodejs/node#54359).
      autoSelectFamilyAttemptTimeout: Math.max(250, Math.floor(timeout / 2)),
      noDelay: true,
      allowHalfOpen: halfOpen,
      ...(reader === null || target.secure ? {} : { onread: reader.onread }),
    })
    descriptors?.hold(socket)
    let current = socket
    let settled = false
    const timer = setTimeout(() => finish(new BackendError('timeout', `no answer in ${seconds(timeout)}`, true)), timeout)

    function finish(error: BackendError | null): void {
      if (settled) return
      settled = true
      clearTimeout(timer)
      current.removeListener('error', onError)
      if (error === null) return done(null, current)
      // A late error of an abandoned socket is of no interest, but without a listener it would end the process.
      current.on('error', () => undefined)
      current.destroy()
      socket.destroy()
      done(error, null)
    }
    function onError(error: NodeJS.ErrnoException): void {
      finish(fromDialError(error, target.host))
    }

    socket.on('error', onError)
    socket.once('connect', () => {
      if (settled) return
      if (this.isOwnListener(socket.remoteAddress ?? '', socket.remotePort ?? 0))
        return finish(new BackendError('loop', 'the address leads back to the gateway itself', true))
      if (head !== null) socket.write(head)
      if (!target.secure) return finish(null)
      const wrapped = this.wrap(socket, target)
      current = wrapped
      reader?.listen(wrapped)
      wrapped.on('error', onError)
      wrapped.once('secureConnect', () => finish(null))
    })
  }

  /** Whether there is a descriptor for a client's backend. */
  mayDial(): boolean {
    return this.options.descriptors?.mayDial() !== false
  }

  /** Counts the descriptor of what is not opened here. */
  hold(socket: Pick<EventEmitter, 'once'>): void {
    this.options.descriptors?.hold(socket)
  }

  /** Every address of a host, as a connection would find them. Rejected names tell their error. */
  addressesOf(host: string, done: (error: NodeJS.ErrnoException | null, addresses: readonly LookupAddress[]) => void): void {
    const literal = parseAddress(host)
    if (literal !== null) return done(null, [{ address: host, family: literal.family }])
    if (isLocalhost(host)) return done(null, LOCALHOST)
    this.options.lookup(host, { all: true }, (error, found) => done(error, typeof found === 'string' ? [] : found))
  }

  private wrap(socket: Socket, { host, port, verify, serverName, identity }: DialTarget): Socket {
    const key = `${host} ${port} ${identity}`
    const session = this.sessions.get(key)
    this.context ??= createSecureContext()
    const wrapped = secure({
      socket,
      host,
      servername: serverName,
      rejectUnauthorized: verify,
      ALPNProtocols: ['http/1.1'],
      secureContext: this.context,
      ...(session === undefined ? {} : { session }),
    })
    wrapped.on('session', (fresh: Buffer) => {
      this.sessions.delete(key)
      const [oldest] = this.sessions.keys()
      if (this.sessions.size >= MAX_SESSIONS && oldest !== undefined) this.sessions.delete(oldest)
      this.sessions.set(key, fresh)
    })
    return wrapped
  }
}

function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost')
}

const lookupLocalhost: LookupFunction = (_, options, callback) => {
  if (options.all) return callback(null, [...LOCALHOST])
  callback(null, '127.0.0.1', 4)
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
