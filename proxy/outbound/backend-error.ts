/** What went wrong with a backend, in kinds that decide what to do about it. */
export type BackendFailure =
  | 'refused'
  | 'name-not-found'
  | 'timeout'
  | 'unreachable'
  | 'certificate'
  | 'loop'
  | 'closed'
  | 'garbage'
  | 'slow'
  /** Nothing of the backend's: AstroRelay has as many descriptors as it may have. */
  | 'no-descriptor'

/** A backend did not do its part. `message` is for people and goes to status and log, never to a client. */
export class BackendError extends Error {
  readonly kind: BackendFailure
  /** Whether it happened before a byte of the request was sent, so that the backend cannot have acted on it. */
  readonly beforeSending: boolean

  /** `cause`: what the system said. */
  constructor(kind: BackendFailure, message: string, beforeSending: boolean, cause?: Error) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'BackendError'
    this.kind = kind
    this.beforeSending = beforeSending
  }
}

/** Why nothing can be connected where AstroRelay itself is at its end. */
export const NO_DESCRIPTOR = 'AstroRelay has as many connections and files open as the system lets it have'

/** What a connection fails with that could not even be begun. */
export function noDescriptor(cause?: Error): BackendError {
  return new BackendError('no-descriptor', NO_DESCRIPTOR, true, cause)
}

/** A system or TLS error of a connection attempt, in words. */
export function fromDialError(error: NodeJS.ErrnoException, host: string): BackendError {
  const code = error.code ?? ''
  const make = (kind: BackendFailure, message: string): BackendError => new BackendError(kind, message, true, error)
  if (code === 'EMFILE' || code === 'ENFILE') return noDescriptor(error)
  if (code === 'ECONNREFUSED') return make('refused', 'connection refused')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA' || code === 'EAI_NODATA')
    return make('name-not-found', `name not found: ${host}`)
  if (code === 'ETIMEDOUT') return make('timeout', 'no answer to the connection attempt')
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EHOSTDOWN') return make('unreachable', 'the machine cannot be reached')
  if (code === 'ECONNRESET' || code === 'EPIPE') return make('closed', 'the connection was closed at once')
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME|CRL|UNABLE_TO/.test(code))
    return make('certificate', `the certificate is not trusted (${code.toLowerCase().replaceAll('_', ' ')})`)
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return make('garbage', 'it does not speak TLS on this port')
  return make('unreachable', `no connection (${code || error.message})`)
}

/** An error after the connection stood, in words. Once a byte of an answer has come, nobody else may be asked. */
export function fromWireError(error: NodeJS.ErrnoException, answerBegun = false): BackendError {
  const code = error.code ?? ''
  if (code.startsWith('HPE_')) return new BackendError('garbage', 'the answer is not valid HTTP', false)
  if (answerBegun) return new BackendError('garbage', 'the connection was closed in the middle of the answer’s head', false)
  return new BackendError('closed', 'the connection was closed before the answer was complete', false)
}
