import { z } from 'zod'

/** Every error code of the product, with the status an HTTP client gets. */
export const ERRORS = {
  AR_NO_SERVICE: { status: 404, title: 'Nothing is published here', meaning: 'No service answers this host and path.' },
  AR_REFUSED: { status: 403, title: 'Not allowed', meaning: 'The access rules refuse this address.' },
  AR_SIGN_IN: { status: 401, title: 'Sign in', meaning: 'The service needs a name and a password.' },
  AR_RATE_LIMITED: {
    status: 429,
    title: 'Too many requests',
    meaning: 'This client has made more requests, has more connections open, or failed to sign in more often, than it may.',
  },
  AR_BAD_REQUEST: { status: 400, title: 'Request not understood', meaning: 'The request is malformed or ambiguous.' },
  AR_HEAD_TOO_LARGE: { status: 431, title: 'Request head too large', meaning: 'The request’s headers are over the limit.' },
  AR_TARGET_TOO_LONG: { status: 414, title: 'Address too long', meaning: 'The request’s address alone is over the limit for headers.' },
  AR_BODY_TOO_LARGE: { status: 413, title: 'Too large', meaning: 'The request’s body is over the service’s limit.' },
  AR_REQUEST_TIMEOUT: { status: 408, title: 'Too slow', meaning: 'The client took too long to send its request.' },
  AR_METHOD_REFUSED: { status: 405, title: 'Not allowed', meaning: 'This method is not passed on.' },
  AR_VERSION_REFUSED: { status: 505, title: 'Version not supported', meaning: 'Only HTTP/1.0 and HTTP/1.1 are spoken here.' },
  AR_MAINTENANCE: { status: 503, title: 'Away for a moment', meaning: 'The service is in maintenance.' },
  AR_BUSY: { status: 503, title: 'Busy', meaning: 'Every backend, or the gateway itself, has as much to do as it may have.' },
  AR_UNAVAILABLE: { status: 503, title: 'Away for a moment', meaning: 'No backend is usable just now.' },
  AR_BACKEND_FAILED: {
    status: 502,
    title: 'No answer',
    meaning: 'The backend refused, closed the connection, or answered something that is not HTTP.',
  },
  AR_BACKEND_LOOP: { status: 502, title: 'No answer', meaning: 'The backend’s address leads back to the gateway itself.' },
  AR_LOOP: {
    status: 508,
    title: 'Round in a circle',
    meaning: 'The request has been through this service before: a backend, or a proxy behind it, leads back to the gateway.',
  },
  AR_BACKEND_TIMEOUT: { status: 504, title: 'No answer in time', meaning: 'The backend took too long.' },
  AR_INVALID: { status: 400, title: 'Not valid', meaning: 'The call or the configuration is not valid; the issues say where.' },
  AR_UNAUTHORIZED: { status: 401, title: 'Not signed in', meaning: 'The call needs the token, or a fresh sign-in link.' },
  AR_FORBIDDEN: { status: 403, title: 'Not from here', meaning: 'The page or host that made this call is not the console’s own.' },
  AR_NOT_FOUND: { status: 404, title: 'Not found', meaning: 'There is no such thing.' },
  AR_CONFLICT: { status: 409, title: 'Changed meanwhile', meaning: 'Someone else saved a change since this one was begun.' },
  AR_ENGINE: { status: 503, title: 'Gateway not running', meaning: 'The engine is stopped or restarting.' },
  AR_STORE: { status: 500, title: 'Not saved', meaning: 'The configuration could not be written; nothing was changed.' },
  AR_INTERNAL: { status: 500, title: 'A fault in AstroRelay', meaning: 'Something went wrong that should not have.' },
} as const satisfies Record<string, { status: number; title: string; meaning: string }>

export type ErrorCode = keyof typeof ERRORS
export const errorCodeSchema = z.custom<ErrorCode>((value) => typeof value === 'string' && Object.hasOwn(ERRORS, value))

const REFUSALS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['AR_REFUSED', 'AR_BODY_TOO_LARGE', 'AR_RATE_LIMITED', 'AR_SIGN_IN'])
const FAILURES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'AR_BUSY',
  'AR_UNAVAILABLE',
  'AR_BACKEND_FAILED',
  'AR_BACKEND_LOOP',
  'AR_LOOP',
  'AR_BACKEND_TIMEOUT',
])

/** Whether the gateway's rules, limits or sign-in said no to this client. */
export function isRefusal(code: ErrorCode): boolean {
  return REFUSALS.has(code)
}

/** Whether something that should have been answered was not. */
export function isFailure(code: ErrorCode): boolean {
  return FAILURES.has(code)
}
