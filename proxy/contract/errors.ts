import { z } from 'zod'

/**
 * What sort of no an error is. Counters, the log's filters, its words and its marks all read it from here.
 *
 * - `refused`: the gateway's rules, limits or sign-in said no to this client.
 * - `client`: what the client sent cannot be answered, whoever it is: malformed, too slow, or for something that is not here.
 * - `planned`: somebody took the service away on purpose.
 * - `unavailable`: no backend was asked, because none was usable, or it or the gateway had no room.
 * - `failed`: a backend was asked and did not answer as it should, or a fault of AstroRelay's own broke the answer off.
 * - `control`: of calls to the console and of the configuration; no request to a service ends with it.
 */
export type ErrorKind = 'refused' | 'client' | 'planned' | 'unavailable' | 'failed' | 'control'

/** Every error code of the product, with its kind and the status an HTTP client gets. */
export const ERRORS = {
  AR_NO_SERVICE: { kind: 'client', status: 404, title: 'Nothing is published here', meaning: 'No service answers this host and path.' },
  AR_REFUSED: { kind: 'refused', status: 403, title: 'Not allowed', meaning: 'The access rules refuse this address.' },
  AR_SIGN_IN: { kind: 'refused', status: 401, title: 'Sign in', meaning: 'The service needs a name and a password.' },
  AR_RATE_LIMITED: {
    kind: 'refused',
    status: 429,
    title: 'Too many requests',
    meaning: 'This client has made more requests, has more connections open, or failed to sign in more often, than it may.',
  },
  AR_BAD_REQUEST: { kind: 'client', status: 400, title: 'Request not understood', meaning: 'The request is malformed or ambiguous.' },
  AR_HEAD_TOO_LARGE: { kind: 'client', status: 431, title: 'Request head too large', meaning: 'The request’s headers are over the limit.' },
  AR_TARGET_TOO_LONG: {
    kind: 'client',
    status: 414,
    title: 'Address too long',
    meaning: 'The request’s address alone is over the limit for headers.',
  },
  AR_BODY_TOO_LARGE: { kind: 'refused', status: 413, title: 'Too large', meaning: 'The request’s body is over the service’s limit.' },
  AR_REQUEST_TIMEOUT: { kind: 'client', status: 408, title: 'Too slow', meaning: 'The client took too long to send its request.' },
  AR_METHOD_REFUSED: { kind: 'client', status: 405, title: 'Not allowed', meaning: 'This method is not passed on.' },
  AR_VERSION_REFUSED: {
    kind: 'client',
    status: 505,
    title: 'Version not supported',
    meaning: 'Only HTTP/1.0 and HTTP/1.1 are spoken here.',
  },
  AR_MAINTENANCE: { kind: 'planned', status: 503, title: 'Away for a moment', meaning: 'The service is in maintenance.' },
  AR_BUSY: {
    kind: 'unavailable',
    status: 503,
    title: 'Busy',
    meaning: 'Every backend, or the gateway itself, has as much to do as it may have.',
  },
  AR_UNAVAILABLE: { kind: 'unavailable', status: 503, title: 'Away for a moment', meaning: 'No backend is usable just now.' },
  AR_BACKEND_FAILED: {
    kind: 'failed',
    status: 502,
    title: 'No answer',
    meaning: 'The backend refused, closed the connection, or answered something that is not HTTP.',
  },
  AR_BACKEND_LOOP: { kind: 'failed', status: 502, title: 'No answer', meaning: 'The backend’s address leads back to the gateway itself.' },
  AR_LOOP: {
    kind: 'failed',
    status: 508,
    title: 'Round in a circle',
    meaning: 'The request has been through this service before: a backend, or a proxy behind it, leads back to the gateway.',
  },
  AR_BACKEND_TIMEOUT: { kind: 'failed', status: 504, title: 'No answer in time', meaning: 'The backend took too long.' },
  AR_INVALID: {
    kind: 'control',
    status: 400,
    title: 'Not valid',
    meaning: 'The call or the configuration is not valid; the issues say where.',
  },
  AR_UNAUTHORIZED: { kind: 'control', status: 401, title: 'Not signed in', meaning: 'The call needs the token, or a fresh sign-in link.' },
  AR_FORBIDDEN: {
    kind: 'control',
    status: 403,
    title: 'Not from here',
    meaning: 'The page or host that made this call is not the console’s own.',
  },
  AR_NOT_FOUND: { kind: 'control', status: 404, title: 'Not found', meaning: 'There is no such thing.' },
  AR_CONFLICT: {
    kind: 'control',
    status: 409,
    title: 'Changed meanwhile',
    meaning: 'Someone else saved a change since this one was begun.',
  },
  AR_ENGINE: { kind: 'control', status: 503, title: 'Gateway not running', meaning: 'The engine is stopped or restarting.' },
  AR_STORE: { kind: 'control', status: 500, title: 'Not saved', meaning: 'The configuration could not be written; nothing was changed.' },
  AR_INTERNAL: { kind: 'failed', status: 500, title: 'A fault in AstroRelay', meaning: 'Something went wrong that should not have.' },
} as const satisfies Record<string, { kind: ErrorKind; status: number; title: string; meaning: string }>

export type ErrorCode = keyof typeof ERRORS
export const errorCodeSchema = z.custom<ErrorCode>(isErrorCode)

/** The kind of a code as a row of the log has it; null where there was no error, or one of another version. */
export function errorKind(code: string | null): ErrorKind | null {
  return isErrorCode(code) ? ERRORS[code].kind : null
}

/** Whether the gateway's rules, limits or sign-in said no to this client. */
export function isRefusal(code: string | null): boolean {
  return errorKind(code) === 'refused'
}

/** Whether something that should have been answered was not. */
export function isFailure(code: string | null): boolean {
  const kind = errorKind(code)
  return kind === 'failed' || kind === 'unavailable'
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code)
}
