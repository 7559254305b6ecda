import type { ErrorCode } from '../../contract/errors'
import type { AccessGate } from '../access/access-gate'
import type { Backend } from '../backend/backend'
import type { BackendError, BackendFailure } from '../backend/backend-error'
import type { ForwardOutcome } from '../forward/outcome'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { World } from '../lifecycle/world'
import type { Measures } from '../measure/measures'
import type { TimerWheel } from '../time/timer-wheel'
import { answer } from './answer'
import { RequestContext, type Origin, type Refusal } from './context'
import type { Exchange } from './exchange'
import { Forwarding, mayRepeat, type ForwardListener } from './forward'
import { guardAccess, guardBody, guardGateway } from './guard'
import { match } from './match'
import { isUnwelcome } from './unwelcome'
import { observe } from './observe'
import { receive } from './receive'
import { select } from './select'
import { needsSignIn, SignIn, type SignInOwner } from './sign-in'

export interface PipelineParts {
  /** The present world; each request captures it once. */
  readonly world: () => World
  readonly wheel: TimerWheel
  /** Makes a reference for each request. */
  readonly newReference: () => string
  readonly measures: Measures
  readonly gate: AccessGate
  /** A connection attempt of real traffic failed, or stood. */
  readonly onBackendFailed: (backend: Backend, error: BackendError) => void
  readonly random: () => number
}

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

/** The way of every request of one origin, one after the other, on a context and a forwarding that are reused. */
export class Pipeline implements SignInOwner {
  private readonly parts: PipelineParts
  private readonly context: RequestContext
  private readonly forwarding: Forwarding
  private signIn: SignIn | null = null

  constructor(connection: Origin, exchange: Exchange, head: RequestHead, parts: PipelineParts) {
    this.parts = parts
    this.context = new RequestContext(connection, exchange, parts.world(), head)
    this.forwarding = new Forwarding(this.context, listener(parts), parts.wheel)
  }

  /** Runs the phases in order, and what follows from their findings. */
  run(head: RequestHead): void {
    const { context, parts } = this
    context.begin(head, parts.world(), parts.newReference())
    const refusal = receive(context) ?? guardGateway(context, parts.gate) ?? match(context)
    if (refusal === null && context.service !== null) {
      context.counters = parts.measures.service(context.service.id)
      context.counters.requests += 1
      context.counters.inFlight += 1
    }
    const last = refusal ?? guardAccess(context, parts.gate)
    if (last !== null) return conclude(context, parts, last)
    if (context.service === null || !needsSignIn(context)) return this.forward()
    this.signIn ??= new SignIn(context, parts.gate, this)
    this.signIn.begin(context.service)
  }

  onSignedIn(): void {
    this.context.signedIn = true
    this.forward()
  }

  onRefused(refusal: Refusal): void {
    conclude(this.context, this.parts, refusal)
  }

  onLeft(): void {
    this.context.endedBy = 'client'
    this.context.reason = 'the client went away'
    finish(this.context, this.parts)
  }

  private forward(): void {
    const { context, parts } = this
    const refusal = guardBody(context)
    if (refusal === null) attempt(context, this.forwarding, parts)
    else conclude(context, parts, refusal)
  }

  isUnwelcome(now: number): boolean {
    return isUnwelcome(this.context, this.parts.world().snapshot, this.parts.gate, now)
  }

  /** No further request will come. */
  close(): void {
    this.forwarding.close()
  }
}

function conclude(context: RequestContext, parts: PipelineParts, refusal: Refusal): void {
  const { exchange } = context
  context.refusal = refusal
  const begun = exchange.answered
  answer(context, refusal)
  observe(context, parts.measures.ring, performance.now() - context.started)
  // Last, since the next request may begin with it on the same context.
  if (!begun) exchange.end([])
}

/** One try with one backend; on a failure that is safe to repeat, the next one. */
function attempt(context: RequestContext, forwarding: Forwarding, parts: PipelineParts, earlier: Refusal | null = null): void {
  const before = context.backend
  const refusal = select(context, context.attempts === 0 ? context.at : Date.now(), parts.random)
  const { service, backend } = context
  if (refusal !== null || service === null || backend === null) {
    context.backend = before
    return conclude(context, parts, earlier ?? refusal ?? { code: 'AR_UNAVAILABLE', reason: 'no backend is usable' })
  }
  context.attempts += 1
  backend.inFlight += 1
  backend.requests += 1
  forwarding.start(service, backend)
}

/** What follows from what forwarding tells; one for all requests of an engine would do, one for each origin does. */
function listener(parts: PipelineParts): ForwardListener {
  return {
    onConnected: ({ backend }) => backend?.health.connected(),
    onFirstByte(context, status) {
      context.status = status
      context.firstByte = performance.now() - context.started
      context.endedBy = 'backend'
    },
    onEnd(context, forwarding, outcome) {
      const { backend } = context
      if (backend === null) return
      backend.inFlight -= 1
      settle(context, forwarding, parts, backend, outcome)
    },
  }
}

function settle(context: RequestContext, forwarding: Forwarding, parts: PipelineParts, backend: Backend, outcome: ForwardOutcome): void {
  switch (outcome.kind) {
    case 'done':
      return finish(context, parts)
    case 'client-gone':
      context.endedBy = 'client'
      context.reason = 'the client went away'
      return finish(context, parts)
    case 'cut':
      context.endedBy = outcome.by
      context.reason = outcome.reason
      if (outcome.by === 'backend') backend.failed += 1
      return finish(context, parts)
    case 'too-large':
      context.endedBy = 'gateway'
      return conclude(context, parts, { code: 'AR_BODY_TOO_LARGE', reason: 'the body went over the limit while it was sent' })
    case 'bad-body':
      context.endedBy = 'client'
      return conclude(context, parts, { code: 'AR_BAD_REQUEST', reason: 'the body is not valid HTTP', close: true })
    case 'client-silent':
      context.endedBy = 'client'
      return conclude(context, parts, { code: 'AR_REQUEST_TIMEOUT', reason: 'the client stopped in the middle of the body', close: true })
    case 'failed':
      return afterFailure(context, forwarding, parts, backend, outcome)
  }
}

function finish(context: RequestContext, parts: PipelineParts): void {
  observe(context, parts.measures.ring, performance.now() - context.started)
}

/**
 * Another backend is tried only where this one cannot have acted on the request: nothing was sent (any method), or the
 * connection closed before an answer to a GET, HEAD or OPTIONS without a body. An idle connection that turned out to be
 * dead says nothing about the backend, so that one may be asked again.
 */
function afterFailure(context: RequestContext, forwarding: Forwarding, parts: PipelineParts, backend: Backend, { error, reusedConnection }: Extract<ForwardOutcome, { kind: 'failed' }>): void {
  const closed = error.kind === 'closed' && mayRepeat(context)
  const stale = closed && reusedConnection
  if (!stale) {
    backend.failed += 1
    context.tried.add(backend)
    parts.onBackendFailed(backend, error)
  }
  const refusal: Refusal = { code: CODES[error.kind], reason: `${backend.config.id}: ${error.message}` }
  const rounds = (context.world.backends.get(backend.service)?.length ?? 1) + 2
  if ((error.beforeSending || closed) && context.attempts < rounds && error.kind !== 'loop') attempt(context, forwarding, parts, refusal)
  else conclude(context, parts, refusal)
}
