import type { Address } from '../../contract/address'
import type { User } from '../../contract/config/access'
import { ENDINGS, type EndingName } from '../../contract/endings'
import { FAULT_WORDS } from '../intake/border'
import { Hosting, type HostingOwner } from '../files/hosting'
import type { RequestHead } from '../http/wire/request-head-parser'
import { cut, shown, shownTarget } from '../measure/shown'
import { RequestContext, type Origin } from '../visit/context'
import type { BodySink, ClientGone, Exchange } from '../visit/exchange'
import { guardAccess, guardBody, guardGateway, guardLoop, guardMaintenance } from '../visit/guard'
import { observe } from '../visit/observe'
import type { Refusal } from '../visit/refusal'
import type { Running } from '../visit/unwelcome'
import type { Snapshot } from '../world/snapshot'
import { answer, apologise } from './answer'
import { Attempts, type AttemptsOwner } from './attempts'
import { match } from './match'
import type { PipelineParts } from './parts'
import { receive, toldClient } from './receive'
import { redirect, redirection } from './redirect'
import { ask, needsSignIn, SignIn, type SignInOwner } from './sign-in'

const FAULT: Refusal = {
  code: 'AR_INTERNAL',
  reason: FAULT_WORDS,
  close: true,
}

/** The way of every request of one origin, one after the other, on a context and attempts that are reused. */
export class Pipeline implements SignInOwner, HostingOwner, AttemptsOwner {
  private readonly parts: PipelineParts
  readonly context: RequestContext
  private readonly attempts: Attempts
  private signIn: SignIn | null = null
  private hosting: Hosting | null = null

  constructor(connection: Origin, exchange: Exchange, head: RequestHead, parts: PipelineParts) {
    this.parts = parts
    this.context = new RequestContext(connection, exchange, parts.world(), head)
    this.attempts = new Attempts(this.context, parts, this)
  }

  /** Runs the phases in order, and what follows from their findings. */
  run(head: RequestHead): void {
    const { context, parts } = this
    context.receive(head, parts.world(), parts.newReference())
    const refusal = receive(context) ?? guardGateway(context, parts.gate) ?? match(context)
    if (refusal === null && context.service !== null) context.enter(context.service, parts.measures.service(context.service.id))
    const last = refusal ?? guardAccess(context, parts.gate) ?? guardLoop(context, parts.names)
    if (last !== null) return this.onRefused(last)
    if (context.service === null || !needsSignIn(context)) return this.serve()
    this.signIn ??= new SignIn(context, parts.gate, this)
    this.signIn.begin(context.service)
  }

  /** What the password was looked at by may have changed meanwhile. */
  onSignedIn(user: User): void {
    const { context, parts } = this
    context.user = user
    const why = parts.world() === context.world ? null : this.judge('request')
    if (why === null || context.service === null) return this.serve()
    const reason = `${context.client}: ${ENDINGS[why]} while its password was checked`
    this.onRefused(why === 'user' || why === 'password' ? ask(context.service, reason) : { code: 'AR_REFUSED', reason })
  }

  /** The gateway itself answers. */
  onRefused(refusal: Refusal): void {
    const { context } = this
    const { exchange } = context
    context.refusal = refusal
    const begun = exchange.answered
    answer(context, refusal)
    this.onDone()
    // Last, since the next request may begin with it on the same context.
    if (!begun) exchange.end([])
  }

  onLeft({ by, reason }: ClientGone): void {
    this.context.endedBy = by
    this.context.reason = reason
    this.onDone()
  }

  onDone(): void {
    const { context, parts } = this
    const { head, authority, path } = context
    // What was refused for its host or its path is shown as it came.
    const host = authority?.host ?? shown('host', head.lines.host ?? '')
    observe(context, cut('method', head.method), host, path === null ? shownTarget(head.target) : cut('path', path.raw), parts.measures)
    context.forget()
  }

  onSent(): void {
    const { exchange } = this.context
    this.onDone()
    exchange.end([])
  }

  onBroken(by: 'client' | 'gateway', reason: string): void {
    if (this.context.observed) return
    this.context.endedBy = by
    this.context.reason = reason
    this.onDone()
    if (by === 'gateway' || this.context.exchange.answered) this.context.exchange.cut()
  }

  broken(sink: BodySink | null): string | null {
    const { context } = this
    const { exchange, ref } = context
    if (context.observed) return null
    context.refusal = FAULT
    const begun = exchange.answered
    if (!begun) apologise(context, FAULT)
    this.onLeft({ by: 'gateway', reason: FAULT.reason })
    // As when its client leaves, whatever it was about: places in line, backends, files and hashes are given back.
    sink?.onClientGone({ by: 'gateway', reason: FAULT.reason })
    this.attempts.giveBack()
    if (begun) exchange.cut()
    else exchange.end([])
    return ref
  }

  /** Whether a request runs on this backend. */
  runsOn(service: string, backend: string): boolean {
    const { observed, backend: present } = this.context
    return !observed && present?.live.service === service && present.live.id === backend
  }

  whyUnwelcome(): EndingName | null {
    const { context } = this
    // A trusted proxy's connection carries many clients, one after the other.
    if (context.observed && context.trustedPeer) return null
    if (context.observed) return this.judge('nothing')
    if (this.signIn?.isWaiting === true) return this.judge('sign-in')
    return this.judge(context.upgrade && context.status === 101 ? 'tunnel' : 'request')
  }

  /** No further request will come. */
  close(): void {
    this.attempts.close()
  }

  private judge(running: Running): EndingName | null {
    const { context, parts } = this
    const { snapshot } = parts.court
    // Whom a proxy is believed to bring may have changed with the rules.
    const told = snapshot === context.world.snapshot ? context.clientAddress : this.clientBy(snapshot)
    return parts.court.whyUnwelcome(context, running, {
      listener: context.connection.listener,
      host: context.authority?.host ?? '',
      path: context.path,
      client: told,
    })
  }

  private clientBy({ trustedProxies }: Snapshot): Address | null {
    const told = toldClient(this.context, trustedProxies)
    return told === null ? this.context.connection.peerAddress : told.address
  }

  private serve(): void {
    const { context, parts } = this
    const refusal = guardBody(context) ?? guardMaintenance(context)
    if (refusal !== null) return this.onRefused(refusal)
    const { service } = context
    if (service?.config.type === 'files') {
      this.hosting ??= new Hosting(context, parts.wheel, parts.lookUps, parts.listings, this)
      return this.hosting.begin(service)
    }
    const to = service === null ? null : redirection(context, service)
    if (to === null) return this.attempts.begin()
    redirect(context, to)
    this.onSent()
  }
}
