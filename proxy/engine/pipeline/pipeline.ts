import type { ErrorCode } from '../../contract/errors'
import type { AccessGate } from '../gate/access-gate'
import type { Backend } from '../backend/backend'
import type { BackendError, BackendFailure } from '../backend/backend-error'
import { Hosting, type HostingOwner } from '../files/hosting'
import type { LookUps } from '../files/look-ups'
import type { ForwardOutcome } from '../relay/outcome'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { World } from '../world/world'
import type { Measures } from '../measure/measures'
import type { TimerWheel } from '../time/timer-wheel'
import { answer } from './answer'
import { RequestContext, type Origin, type Refusal } from '../visit/context'
import type { Exchange } from '../visit/exchange'
import { Forwarding, mayRepeat, type ForwardListener } from './forward'
import { maintenancePage } from '../../contract/maintenance-page'
import { guardAccess, guardBody, guardGateway, guardMaintenance } from '../visit/guard'
import { match } from './match'
import { isUnwelcome } from '../visit/unwelcome'
import type { Waiter, WaitQueues } from './wait-queue'
import { observe } from './observe'
import { receive } from './receive'
import { redirect } from './redirect'
import { select } from '../visit/select'
import { needsSignIn, SignIn, type SignInOwner } from './sign-in'

export interface PipelineParts {
  /** The present world; each request captures it once. */
  readonly world: () => World
  readonly wheel: TimerWheel
  /** Makes a reference for each request. */
  readonly newReference: () => string
  readonly measures: Measures
  readonly gate: AccessGate
  readonly queues: WaitQueues
  readonly lookUps: LookUps
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
export class Pipeline implements SignInOwner, HostingOwner, Waiter {
  private readonly parts: PipelineParts
  readonly context: RequestContext
  private readonly forwarding: Forwarding
  private signIn: SignIn | null = null
  private hosting: Hosting | null = null

  constructor(connection: Origin, exchange: Exchange, head: RequestHead, parts: PipelineParts) {
    this.parts = parts
    this.context = new RequestContext(connection, exchange, parts.world(), head)
    this.forwarding = new Forwarding(
      this.context,
      listener(parts, () => this),
      parts.wheel,
    )
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
    const refusal = guardBody(context) ?? guardMaintenance(context)
    if (refusal !== null) return conclude(context, parts, refusal)
    const { service } = context
    if (service?.config.type === 'files') {
      this.hosting ??= new Hosting(context, parts.wheel, parts.lookUps, this)
      return this.hosting.begin(service)
    }
    if (service?.config.type !== 'redirect') return attempt(this, this.forwarding, parts)
    redirect(context, service)
    this.onSent()
  }

  onSent(): void {
    const { exchange } = this.context
    finish(this.context, this.parts)
    exchange.end([])
  }

  onBroken(by: 'client' | 'gateway', reason: string): void {
    this.context.endedBy = by
    this.context.reason = reason
    finish(this.context, this.parts)
    if (by === 'gateway' || this.context.exchange.answered) this.context.exchange.cut()
  }

  get exchange(): Exchange {
    return this.context.exchange
  }

  onRoom(): boolean {
    return attemptAgain(this, this.forwarding, this.parts)
  }

  onTimeUp(): void {
    conclude(this.context, this.parts, { code: 'AR_BUSY', reason: 'every backend is full, and the wait for room is over' })
  }

  /** Whether a request runs on this backend. */
  runsOn(service: string, backend: string): boolean {
    const { observed, backend: present } = this.context
    return !observed && present?.service === service && present.config.id === backend
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
function attempt(
  pipeline: Waiter & { readonly context: RequestContext },
  forwarding: Forwarding,
  parts: PipelineParts,
  earlier: Refusal | null = null,
): void {
  const { context } = pipeline
  const before = context.backend
  const selection = select(context, context.attempts === 0 ? context.at : Date.now(), parts.random)
  if (selection === 'chosen') return begin(context, forwarding)
  context.backend = before
  const { service } = context
  if (earlier !== null || service === null) return conclude(context, parts, earlier ?? unavailable(context))
  if (selection === 'none') return conclude(context, parts, unavailable(context))
  if (!parts.queues.enter(service.id, pipeline, service.config.queue))
    conclude(context, parts, { code: 'AR_BUSY', reason: 'every backend is full, and so is the queue' })
}

/** For one that waited: false where there is still no room. */
function attemptAgain({ context }: { readonly context: RequestContext }, forwarding: Forwarding, parts: PipelineParts): boolean {
  const selection = select(context, Date.now(), parts.random)
  if (selection === 'full') return false
  if (selection === 'chosen') begin(context, forwarding)
  else conclude(context, parts, unavailable(context))
  return true
}

function unavailable({ service, at }: RequestContext): Refusal {
  const { maintenance } = service?.config ?? {}
  const reason = 'no backend is usable'
  const said =
    maintenance !== undefined &&
    [maintenance.title, maintenance.message, maintenance.until, maintenance.retryAfter].some((part) => part !== undefined)
  return said && maintenance.mode === 'auto'
    ? { code: 'AR_UNAVAILABLE', reason, page: maintenancePage(maintenance, at) }
    : { code: 'AR_UNAVAILABLE', reason }
}

function begin(context: RequestContext, forwarding: Forwarding): void {
  const { service, backend } = context
  if (service === null || backend === null) return
  context.attempts += 1
  backend.inFlight += 1
  backend.requests += 1
  forwarding.start(service, backend)
}

/** What follows from what forwarding tells; one for all requests of an engine would do, one for each origin does. */
function listener(parts: PipelineParts, owner: () => Waiter & { readonly context: RequestContext }): ForwardListener {
  return {
    onFirstByte(context, status) {
      const { backend } = context
      context.status = status
      context.firstByte = performance.now() - context.started
      context.endedBy = 'backend'
      if (backend === null) return
      // Only failures in a row count.
      backend.health.answered()
      backend.answeredIn(context.firstByte)
      if (status === 101) backend.tunnels += 1
    },
    onEnd(context, forwarding, outcome) {
      const { backend } = context
      if (backend === null) return
      backend.inFlight -= 1
      if (context.status === 101 && context.upgrade) backend.tunnels -= 1
      settle(owner(), forwarding, parts, backend, outcome)
      if (backend.config.maxConnections !== undefined) parts.queues.room(backend.service)
    },
  }
}

function settle(
  owner: Waiter & { readonly context: RequestContext },
  forwarding: Forwarding,
  parts: PipelineParts,
  backend: Backend,
  outcome: ForwardOutcome,
): void {
  const { context } = owner
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
      return afterFailure(owner, forwarding, parts, backend, outcome)
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
function afterFailure(
  owner: Waiter & { readonly context: RequestContext },
  forwarding: Forwarding,
  parts: PipelineParts,
  backend: Backend,
  { error, reusedConnection }: Extract<ForwardOutcome, { kind: 'failed' }>,
): void {
  const { context } = owner
  const closed = error.kind === 'closed' && mayRepeat(context)
  const stale = closed && reusedConnection
  if (!stale) {
    backend.failed += 1
    context.tried.add(backend)
    parts.onBackendFailed(backend, error)
  }
  const refusal: Refusal = { code: CODES[error.kind], reason: `${backend.config.id}: ${error.message}` }
  const others = context.service?.config.retry.attempts ?? 0
  if ((error.beforeSending || closed) && context.tried.size <= others && error.kind !== 'loop') attempt(owner, forwarding, parts, refusal)
  else conclude(context, parts, refusal)
}
