import { elapsed } from '../../contract/clock'
import type { User } from '../../contract/config/access'
import type { AccessGate } from '../gate/access-gate'
import { parseBasic } from '../gate/passwords'
import type { Verdict } from '../gate/sign-in-line'
import { guarded } from '../intake/border'
import { headerValues } from '../http/header-list'
import type { CompiledService } from '../world/snapshot'
import type { RequestContext } from '../visit/context'
import type { Refusal } from '../visit/refusal'
import { asksForSignIn } from '../visit/unwelcome'
import { goneWhile, type BodySink, type ClientGone } from '../visit/exchange'

/** Whether the request needs a name and a password, or another answer to who it is. */
export function needsSignIn(context: RequestContext): boolean {
  const { service, letIn } = context
  return service !== null && asksForSignIn(service.config, letIn, context)
}

/** What follows once it is known who asks. */
export interface SignInOwner {
  onSignedIn(user: User): void
  onRefused(refusal: Refusal): void
  /** The client left while its password was looked at. */
  onLeft(gone: ClientGone): void
}

/** Asks for a name and a password (RFC 7617). Computing a hash takes a while, during which the request waits, unread. */
export class SignIn implements BodySink {
  private readonly context: RequestContext
  private readonly gate: AccessGate
  private readonly owner: SignInOwner
  private waiting = false
  private withdraw: (() => void) | null = null

  constructor(context: RequestContext, gate: AccessGate, owner: SignInOwner) {
    this.context = context
    this.gate = gate
    this.owner = owner
  }

  /** Whether it is being found out who asks. */
  get isWaiting(): boolean {
    return this.waiting
  }

  begin(service: CompiledService): void {
    const { context, gate, owner } = this
    const { clientAddress, client, started, head } = context
    const users = service.config.basicAuth?.users ?? []
    const wait = gate.signIns.waitFor(clientAddress, started)
    if (wait > 0) return owner.onRefused(tooMany(client, wait))
    const [value, ...more] = headerValues(head.lines.fields, 'authorization')
    const credentials = value === undefined || more.length > 0 ? null : parseBasic(value)
    if (credentials === null) return owner.onRefused(ask(service, `${client}: not signed in`))
    const user = service.users.get(credentials.user)
    if (user !== undefined && gate.signIns.isKnown(users, credentials, clientAddress, started)) return owner.onSignedIn(user)
    this.waiting = true
    context.exchange.listen(this)
    const judge = (verdict: Verdict): void => {
      this.waiting = false
      this.withdraw = null
      if (verdict === 'right' && user !== undefined) return owner.onSignedIn(user)
      if (verdict === 'busy')
        return owner.onRefused({
          code: 'AR_RATE_LIMITED',
          reason: 'too many sign-ins at once, more than can be computed',
          limit: 'signInsAtOnce',
          fields: ['Retry-After', '1'],
        })
      if (verdict === 'later') return owner.onRefused(tooMany(client, gate.signIns.waitFor(clientAddress, elapsed())))
      gate.countsOf(service.id).failedSignIns += 1
      gate.strike(clientAddress, client, elapsed())
      owner.onRefused(ask(service, `${client}: the name or the password is not right`))
    }
    this.withdraw = gate.signIns.check(users, credentials, clientAddress, guarded(context.exchange, judge))
  }

  onClientGone(gone: ClientGone): void {
    if (!this.waiting) return
    this.waiting = false
    this.withdraw?.()
    this.withdraw = null
    this.owner.onLeft(goneWhile(gone, 'while its password was checked'))
  }

  // Nothing of the body comes before it is asked for.
  onBody(): void {}
  onBodyEnd(): void {}
  onBodyPause(): void {}
  onBodyBad(): void {}
  onClientDrain(): void {}
}

function tooMany(client: string, wait: number): Refusal {
  const seconds = String(Math.max(1, Math.ceil(wait / 1_000)))
  return {
    code: 'AR_RATE_LIMITED',
    reason: `${client}: too many failed sign-ins, it may try again in ${seconds} s`,
    limit: 'failedSignIns',
    fields: ['Retry-After', seconds],
  }
}

/** Asks for a name and a password, because of `reason`, which the log is told. */
export function ask({ name, config }: CompiledService, reason: string): Refusal {
  const realm = config.basicAuth?.realm ?? name.replace(/[^\x20-\x7e]|["\\]/g, ' ')
  return { code: 'AR_SIGN_IN', reason, fields: ['WWW-Authenticate', `Basic realm="${realm}", charset="UTF-8"`] }
}
