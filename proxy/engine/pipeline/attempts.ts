import { elapsed } from '../../contract/clock'
import { maintenancePage } from '../../contract/maintenance-page'
import type { Backend } from '../backend/backend'
import type { ForwardOutcome } from '../relay/outcome'
import type { RequestContext } from '../visit/context'
import type { ClientGone, Exchange } from '../visit/exchange'
import { failure, mayTryAnother, noteFailure } from '../visit/failure'
import type { Refusal } from '../visit/refusal'
import { select } from '../visit/select'
import { Forwarding, type ForwardListener, mayRepeat } from './forward'
import type { PipelineParts } from './parts'
import type { Waiter } from './wait-queue'

/** Who hears how a request fared with the backends. */
export interface AttemptsOwner {
  /** The request is over: it was answered, or its client is gone. */
  onDone(): void
  /** The gateway itself has to answer. */
  onRefused(refusal: Refusal): void
  onLeft(gone: ClientGone): void
}

/** A request's tries with backends: it waits for room, one is chosen and asked, and another where that is safe. */
export class Attempts implements Waiter, ForwardListener {
  private readonly context: RequestContext
  private readonly parts: PipelineParts
  private readonly owner: AttemptsOwner
  private readonly forwarding: Forwarding
  /** The backend that the present try counts at. */
  private asked: Backend | null = null

  constructor(context: RequestContext, parts: PipelineParts, owner: AttemptsOwner) {
    this.context = context
    this.parts = parts
    this.owner = owner
    this.forwarding = new Forwarding(context, this, parts.wheel, parts.names)
  }

  begin(): void {
    this.attempt(null)
  }

  /** A fault broke a try off before it could end: its place is free again. */
  giveBack(): void {
    const { asked } = this
    this.asked = null
    if (asked === null) return
    asked.live.inFlight -= 1
    this.parts.onRoom(asked.live.service)
  }

  /** The client's connection is gone. */
  close(): void {
    this.forwarding.close()
  }

  get exchange(): Exchange {
    return this.context.exchange
  }

  onRoom(): boolean {
    const { context, parts } = this
    const selection = select(context, context.head.lines, parts, elapsed())
    if (selection === 'full') return false
    if (selection === 'chosen') this.forward()
    else this.owner.onRefused(unavailable(context))
    return true
  }

  onTimeUp(): void {
    this.owner.onRefused({
      code: 'AR_BUSY',
      reason: 'every backend is full (maxConnections), and the wait for room is over (queue.wait)',
      limit: 'queueWait',
    })
  }

  onLeft(gone: ClientGone): void {
    this.owner.onLeft(gone)
  }

  onFirstByte(status: number): void {
    const { context } = this
    const { backend } = context
    context.status = status
    context.endedBy = 'backend'
    if (backend === null) return
    context.answeredBy(backend)
    if (status === 101) backend.live.tunnels += 1
  }

  onEnd(outcome: ForwardOutcome): void {
    const { context, parts } = this
    const { backend } = context
    if (backend === null) return
    this.asked = null
    backend.live.inFlight -= 1
    if (context.status === 101 && context.upgrade) backend.live.tunnels -= 1
    this.settle(backend, outcome)
    parts.onRoom(backend.live.service)
  }

  /** One try with one backend. `earlier`: what the request ends with if there is no other. */
  private attempt(earlier: Refusal | null): void {
    const { context, parts, owner } = this
    const { service, backend: before } = context
    const selection = select(context, context.head.lines, parts, context.attempts === 0 ? context.started : elapsed())
    if (selection === 'chosen') return this.forward()
    context.backend = before
    if (earlier !== null) return owner.onRefused(earlier)
    if (selection === 'none' || service === null) return owner.onRefused(unavailable(context))
    if (!parts.queues.enter(service.id, this, service.config.queue))
      owner.onRefused({
        code: 'AR_BUSY',
        reason: 'every backend is full (maxConnections), and so is the queue (queue.length)',
        limit: 'queueLength',
      })
  }

  private forward(): void {
    const { service, backend } = this.context
    if (service === null || backend === null) return
    this.asked = backend
    this.context.begin(backend)
    this.forwarding.start(service, backend)
  }

  private settle(backend: Backend, outcome: ForwardOutcome): void {
    const { context, owner } = this
    switch (outcome.kind) {
      case 'done':
        return owner.onDone()
      case 'client-gone':
        return owner.onLeft(outcome)
      case 'cut':
      case 'closed':
        context.endedBy = outcome.by
        context.reason = outcome.reason
        if (outcome.by === 'backend' && outcome.reason !== null) backend.live.failed += 1
        return owner.onDone()
      case 'too-large':
        context.endedBy = 'gateway'
        return owner.onRefused({
          code: 'AR_BODY_TOO_LARGE',
          reason: 'the body went over the service’s maxBody while it was sent',
          limit: 'maxBody',
        })
      case 'bad-body':
        context.endedBy = 'client'
        return owner.onRefused({ code: 'AR_BAD_REQUEST', reason: `the body is not valid HTTP: ${outcome.fault}`, close: true })
      case 'client-silent':
        context.endedBy = 'client'
        return owner.onRefused({ code: 'AR_REQUEST_TIMEOUT', reason: 'the client stopped in the middle of the body', close: true })
      case 'failed':
        return this.afterFailure(backend, outcome)
    }
  }

  /**
   * Another backend is tried only where this one cannot have acted on the request: nothing was sent (any method), or the
   * connection closed before an answer to a GET, HEAD or OPTIONS without a body. An idle connection that turned out to be
   * dead says nothing about the backend, so that one may be asked again.
   */
  private afterFailure(backend: Backend, { error, reusedConnection }: Extract<ForwardOutcome, { kind: 'failed' }>): void {
    const { context, parts } = this
    const closed = error.kind === 'closed' && mayRepeat(context)
    if (error.kind !== 'closed' || !reusedConnection) {
      noteFailure(context, backend, error)
      parts.onBackendFailed(backend, error)
    }
    if ((error.beforeSending || closed) && mayTryAnother(context, error)) this.attempt(failure(backend, error))
    else this.owner.onRefused(failure(backend, error))
  }
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
