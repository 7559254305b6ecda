import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ErrorCode } from '../../contract/errors'
import type { Backend } from '../backend/backend'
import type { BackendError, BackendFailure } from '../backend/backend-error'
import type { Forwarder, ForwardOutcome } from '../forward/forwarder'
import type { World } from '../lifecycle/world'
import type { Measures } from '../measure/measures'
import { answer } from './answer'
import type { ClientConnection, Phase, Refusal, RequestContext } from './context'
import { forward, mayRepeat } from './forward'
import { guardGateway, guardService } from './guard'
import { match } from './match'
import { observe } from './observe'
import { receive } from './receive'
import { newReference } from './reference'
import { select } from './select'
import type { Tunnels } from './tunnels'

export interface PipelineParts {
  /** The present world; each request captures it once. */
  readonly world: () => World
  readonly forwarder: Forwarder
  readonly measures: Measures
  readonly tunnels: Tunnels
  /** A connection attempt of real traffic failed, or stood. */
  readonly onBackendFailed: (backend: Backend, error: BackendError) => void
  readonly random: () => number
}

/** What the listener got: a request, or a WebSocket handshake without a response of Node's. */
export interface Arrival {
  readonly request: IncomingMessage
  readonly response: ServerResponse | null
  readonly head: Buffer
  readonly connection: ClientConnection
  readonly expectsContinue: boolean
}

const BEFORE_SERVICE: readonly Phase[] = [receive, guardGateway, match]

/** Which error a client gets for what happened to the backend. */
const CODES = {
  refused: 'AR_BACKEND_FAILED',
  'name-not-found': 'AR_BACKEND_FAILED',
  unreachable: 'AR_BACKEND_FAILED',
  certificate: 'AR_BACKEND_FAILED',
  closed: 'AR_BACKEND_FAILED',
  garbage: 'AR_BACKEND_FAILED',
  loop: 'AR_BACKEND_LOOP',
  timeout: 'AR_BACKEND_TIMEOUT',
  slow: 'AR_BACKEND_TIMEOUT',
} satisfies Record<BackendFailure, ErrorCode>

/** The way of a request: the phases in order, and what follows from their findings. Returns the context it runs on. */
export function runPipeline(arrival: Arrival, parts: PipelineParts): RequestContext {
  const context = begin(arrival, parts.world())
  const refusal = firstRefusal(BEFORE_SERVICE, context)
  if (refusal === null && context.service !== null) {
    context.counters = parts.measures.service(context.service.id)
    context.counters.requests += 1
    context.counters.inFlight += 1
  }
  const last = refusal ?? guardService(context)
  if (last === null) attempt(context, parts)
  else conclude(context, parts, last)
  return context
}

function begin({ request, response, head, connection, expectsContinue }: Arrival, world: World): RequestContext {
  return {
    request, response, head, connection, world, expectsContinue,
    ref: newReference(),
    at: Date.now(),
    started: performance.now(),
    method: request.method ?? '',
    rawHeaders: request.rawHeaders,
    body: 'none',
    bodyLength: null,
    authority: null,
    path: null,
    client: connection.peer,
    clientAddress: connection.peerAddress,
    trustedPeer: false,
    service: null,
    counters: null,
    backend: null,
    tried: new Set(),
    attempts: 0,
    status: 0,
    refusal: null,
    endedBy: 'gateway',
    reason: null,
    bytesIn: 0,
    bytesOut: 0,
    firstByte: null,
    observed: false,
  }
}

function firstRefusal(phases: readonly Phase[], context: RequestContext): Refusal | null {
  for (const phase of phases) {
    const refusal = phase(context)
    if (refusal !== null) return refusal
  }
  return null
}

function conclude(context: RequestContext, parts: PipelineParts, refusal: Refusal): void {
  context.refusal = refusal
  answer(context, refusal)
  observe(context, parts.measures.ring, performance.now() - context.started)
}

/** One try with one backend; on a failure that is safe to repeat, the next one. */
function attempt(context: RequestContext, parts: PipelineParts, earlier: Refusal | null = null): void {
  const before = context.backend
  const refusal = select(context, Date.now(), parts.random)
  const { service, backend } = context
  if (refusal !== null || service === null || backend === null) {
    context.backend = before
    return conclude(context, parts, earlier ?? refusal ?? { code: 'AR_UNAVAILABLE', reason: 'no backend is usable' })
  }
  context.attempts += 1
  backend.inFlight += 1
  backend.requests += 1
  forward(context, service, backend, parts.forwarder, {
    onConnected: () => backend.health.connected(),
    onFirstByte(status) {
      context.status = status
      context.firstByte = performance.now() - context.started
      context.endedBy = 'backend'
      if (context.response === null && status === 101) parts.tunnels.add(context)
    },
    onEnd(outcome) {
      backend.inFlight -= 1
      parts.tunnels.remove(context)
      settle(context, parts, backend, outcome)
    },
  })
}

function settle(context: RequestContext, parts: PipelineParts, backend: Backend, outcome: ForwardOutcome): void {
  const finish = (): void => observe(context, parts.measures.ring, performance.now() - context.started)
  switch (outcome.kind) {
    case 'done':
      return finish()
    case 'client-gone':
      context.endedBy = 'client'
      context.reason = 'the client went away'
      return finish()
    case 'cut':
      context.endedBy = outcome.by
      context.reason = outcome.reason
      if (outcome.by === 'backend') backend.failed += 1
      return finish()
    case 'too-large':
      context.endedBy = 'gateway'
      return conclude(context, parts, { code: 'AR_BODY_TOO_LARGE', reason: 'the body went over the limit while it was sent' })
    case 'client-silent':
      context.endedBy = 'client'
      return conclude(context, parts, { code: 'AR_REQUEST_TIMEOUT', reason: 'the client stopped in the middle of the body', close: true })
    case 'failed':
      return afterFailure(context, parts, backend, outcome)
  }
}

/**
 * Another backend is tried only where this one cannot have acted on the request: nothing was sent (any method), or the
 * connection closed before an answer to a GET, HEAD or OPTIONS without a body. An idle connection that turned out to be
 * dead says nothing about the backend, so that one may be asked again.
 */
function afterFailure(context: RequestContext, parts: PipelineParts, backend: Backend, { error, reusedConnection }: Extract<ForwardOutcome, { kind: 'failed' }>): void {
  const closed = error.kind === 'closed' && mayRepeat(context) && context.response !== null
  const stale = closed && reusedConnection
  if (!stale) {
    backend.failed += 1
    context.tried.add(backend)
    parts.onBackendFailed(backend, error)
  }
  const refusal: Refusal = { code: CODES[error.kind], reason: `${backend.config.id}: ${error.message}` }
  const rounds = (context.world.backends.get(backend.service)?.length ?? 1) + 2
  if ((error.beforeSending || closed) && context.attempts < rounds && error.kind !== 'loop') attempt(context, parts, refusal)
  else conclude(context, parts, refusal)
}
