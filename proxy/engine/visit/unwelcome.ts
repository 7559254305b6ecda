import type { Address } from '../../contract/address'
import { present, type Moment } from '../../contract/clock'
import type { Service } from '../../contract/config/service'
import type { EndingName } from '../../contract/endings'
import type { ReasonToEnd } from '../edge/port-socket'
import type { AccessGate } from '../gate/access-gate'
import type { RequestPath } from '../route/request-path'
import type { CompiledService, Snapshot } from '../world/snapshot'
import type { Visit } from './visit'

/** What of a visit goes on: nothing any more, a look at its password, a request that will end by itself, or bytes without end. */
export type Running = 'nothing' | 'sign-in' | 'request' | 'tunnel'

/** What a visit came for, as routers are asked, and who comes for it by the rules that it is judged by. */
export interface Aim {
  readonly listener: string
  readonly host: string
  /** Null: it was never read. */
  readonly path: RequestPath | null
  readonly client: Address | null
}

/** What visits are judged by. */
interface Standards {
  readonly snapshot: Snapshot
  readonly now: Moment
  /** Whether what will end by itself, and whose service is gone, may. */
  readonly patient: boolean
}

/**
 * Judges what runs by the rules as they are now: whoever would not be let in any more has to go, whatever of what let it in has
 * changed. Limits are no matter of it: what has begun within them may end.
 */
export class Court {
  /** How many the last sitting has let go on for a moment. */
  spared = 0
  private readonly gate: AccessGate
  private readonly running: () => Snapshot
  private sitting: Standards | null = null

  constructor(gate: AccessGate, running: () => Snapshot) {
    this.gate = gate
    this.running = running
  }

  /** The rules that are judged by. */
  get snapshot(): Snapshot {
    return this.sitting?.snapshot ?? this.running()
  }

  /** Has `act` end, or count, those for whom it is given a reason. */
  sit<Result>(standards: Standards, act: (why: ReasonToEnd) => Result): Result {
    this.sitting = standards
    this.spared = 0
    try {
      return act(this.reason(standards))
    } finally {
      this.sitting = null
    }
  }

  /** Why a visit should be there no longer; null: it may go on. */
  whyUnwelcome(visit: Visit, running: Running, aim: Aim): EndingName | null {
    const { snapshot, now, patient } = this.sitting ?? { snapshot: this.running(), now: present(), patient: true }
    if (this.isBlocked(aim.client, snapshot, now)) return 'blocked'
    const { service } = visit
    // Who was refused already has lost nothing since, and its next request will be judged: cut now, one to another service would be lost.
    if (service === null || (running === 'nothing' && visit.refusal !== null)) return null
    const current = snapshot.services.get(service.id)
    const gone = snapshot === visit.world.snapshot ? null : whyGone(service, current, aim, snapshot)
    if (current === undefined || gone !== null) return this.whenGone(running, gone, patient)
    return whyNotLetIn(visit, running, current, aim.client, now.at)
  }

  private reason({ snapshot, now }: Standards): ReasonToEnd {
    if (snapshot.settings.closed) return () => 'closed'
    return ({ pipeline: runner, peerAddress }) => {
      if (runner !== null) return runner.whyUnwelcome()
      return this.isBlocked(peerAddress, snapshot, now) ? 'blocked' : null
    }
  }

  private isBlocked(client: Address | null, { blocked }: Snapshot, { at, elapsed }: Moment): boolean {
    return blocked.find(client, at) !== -1 || this.gate.blocks.find(client, elapsed) !== null
  }

  private whenGone(running: Running, gone: EndingName | null, patient: boolean): EndingName | null {
    if (running === 'nothing' || gone === null) return null
    if (running === 'tunnel' || !patient) return gone
    this.spared += 1
    return null
  }
}

/** Why what a visit came for is not there as it was; null: it is. A listener that nobody names any more lets its last visits end. */
function whyGone(service: CompiledService, current: CompiledService | undefined, aim: Aim, { routers }: Snapshot): EndingName | null {
  if (current === undefined) return 'deleted'
  if (!current.config.enabled) return 'off'
  if (current.config.type !== service.config.type) return 'type'
  const router = routers.get(aim.listener)
  if (router === undefined || aim.path === null) return null
  const found = router.find(aim.host, aim.path)
  return found.kind === 'found' && found.target === current ? null : 'moved'
}

/** Why a service's rules and its sign-in would not let a visit in. */
function whyNotLetIn(visit: Visit, running: Running, current: CompiledService, client: Address | null, now: number): EndingName | null {
  const { access, basicAuth } = current.config
  const letIn = current.access.decide(client, now) === 'allow'
  const passwordWillDo = access.satisfy === 'any' && basicAuth !== undefined
  if (!letIn && !passwordWillDo && access.mode !== 'watch') return 'rules'
  // Who is just giving a password is not refused for want of one.
  if (running === 'nothing' || running === 'sign-in' || !asksForSignIn(current.config, letIn, visit)) return null
  const { user } = visit
  if (user === null) return letIn ? 'signIn' : 'rules'
  const known = current.users.get(user.name)
  if (known === undefined) return 'user'
  return known.hash === user.hash ? null : 'password'
}

/** Whether a service asks a visit for a name and a password, going by whether its rules let it in. */
export function asksForSignIn({ access, basicAuth }: Service, letIn: boolean, visit: Visit): boolean {
  if (basicAuth === undefined) return false
  // Where a password stands for the rules, nothing that the rules refuse goes without one.
  if (access.satisfy === 'any') return !letIn
  return !(basicAuth.letPreflight && visit.isPreflight)
}
