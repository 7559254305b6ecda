import type { ErrorCode } from '../../contract/errors'
import type { BackendError, BackendFailure } from '../../outbound/backend-error'
import type { Backend } from '../backend/backend'
import type { Refusal } from './refusal'
import type { Visit } from './visit'

/** Which error a visit ends with for what happened to its backend. */
const CODES = {
  refused: 'AR_BACKEND_FAILED',
  'name-not-found': 'AR_BACKEND_FAILED',
  unreachable: 'AR_BACKEND_FAILED',
  certificate: 'AR_BACKEND_FAILED',
  closed: 'AR_BACKEND_FAILED',
  garbage: 'AR_BACKEND_FAILED',
  loop: 'AR_BACKEND_LOOP',
  'no-descriptor': 'AR_BUSY',
  timeout: 'AR_BACKEND_TIMEOUT',
  slow: 'AR_BACKEND_TIMEOUT',
} satisfies Record<BackendFailure, ErrorCode>

/** What a visit ends with where no other backend can be tried after this failure. */
export function failure({ config }: Backend, { kind, message }: BackendError): Refusal {
  if (kind === 'no-descriptor') return { code: CODES[kind], reason: message, limit: 'descriptors' }
  return { code: CODES[kind], reason: `${config.id}: ${message}` }
}

/** Holds a failure against its backend, unless it is the gateway's own: this visit does not go there again. */
export function noteFailure(visit: Visit, { live }: Backend, { kind }: BackendError): void {
  if (kind === 'no-descriptor') return
  live.failed += 1
  visit.tried.add(live)
}

/** Whether the service lets another backend be tried after those that have failed. */
export function mayTryAnother({ tried, service }: Visit, { kind }: BackendError): boolean {
  return kind !== 'loop' && kind !== 'no-descriptor' && tried.size <= (service?.config.retry.attempts ?? 0)
}
