import { lookup as systemLookup } from 'node:dns'
import { connect, type LookupFunction, type Socket } from 'node:net'
import { connect as secure } from 'node:tls'
import { parseAddress } from '../../contract/address'
import type { Intake } from '../intake/intake'
import { BackendError, fromDialError } from './backend-error'

export interface DialTarget {
  readonly secure: boolean
  readonly host: string
  readonly port: number
  /** Whether the certificate of a secure backend has to be valid. */
  readonly verify: boolean
}

export interface DialOptions {
  /** For name, connection and TLS together, in ms. */
  readonly timeout: number
  readonly lookup: LookupFunction
  /** Whether a connection to this address and port ends at one of the gateway's own listeners. */
  readonly isOwnListener: (address: string, port: number, transport?: 'tcp' | 'udp') => boolean
  /** Whether the connection stays when the backend has ended its half. */
  readonly halfOpen?: boolean
  /** Sent before anything else, TLS included; null: nothing. */
  readonly preface?: Buffer | null
}

/** The system's resolver. */
export const SYSTEM_LOOKUP: LookupFunction = systemLookup

/** Opens a connection to a backend, ready to speak HTTP on. `done` is called once. */
export function dial(
  target: DialTarget,
  options: DialOptions,
  done: (error: BackendError | null, socket: Socket | null) => void,
  intake: Intake | null = null,
): void {
  const socket = connect({
    host: target.host,
    port: target.port,
    lookup: target.host === 'localhost' || target.host.endsWith('.localhost') ? lookupLocalhost : options.lookup,
    autoSelectFamily: true,
    // Node gives each address 250 ms by default, too little for a far one (nodejs/node#54359).
    autoSelectFamilyAttemptTimeout: Math.max(250, Math.floor(options.timeout / 2)),
    noDelay: true,
    allowHalfOpen: options.halfOpen ?? false,
    ...(intake === null || target.secure ? {} : { onread: intake.onread }),
  })
  let current = socket
  let settled = false
  const timer = setTimeout(() => finish(new BackendError('timeout', `no answer in ${seconds(options.timeout)}`, true)), options.timeout)

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
    if (options.isOwnListener(socket.remoteAddress ?? '', socket.remotePort ?? 0))
      return finish(new BackendError('loop', 'the address leads back to the gateway itself', true))
    if (options.preface) socket.write(options.preface)
    if (!target.secure) return finish(null)
    const name = parseAddress(target.host) ? '' : target.host
    const wrapped = secure({ socket, servername: name, host: target.host, rejectUnauthorized: target.verify, ALPNProtocols: ['http/1.1'] })
    current = wrapped
    intake?.listen(wrapped)
    wrapped.on('error', onError)
    wrapped.once('secureConnect', () => finish(null))
  })
}

/** `localhost` is 127.0.0.1 for one program and ::1 for the next, so both are tried, whatever the hosts file says. */
const lookupLocalhost: LookupFunction = (_, options, callback) => {
  const both = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]
  if (options.all) return callback(null, both)
  callback(null, '127.0.0.1', 4)
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
