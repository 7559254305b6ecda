import { elapsed } from '../contract/clock'
import { ERRORS, type ErrorCode } from '../contract/errors'
import { LIMITS } from '../contract/limits'
import { clientName } from './access/client-key'
import type { NoEntry } from './edge/connection-limits'
import { codeOf } from './limit-words'
import { shownRequest } from './measure/shown'
import type { VisitParts } from './visit/parts'
import { tellStranger } from './visit/stranger'

/** What the log shows of a connection that got no further. */
const TCP = { method: 'TCP', host: '', path: '' }

/** Tells of those who did not get as far as a visit, and of limits that strike, once a minute each: nobody would know why. */
export class TurnedAway {
  private readonly parts: VisitParts

  constructor(parts: VisitParts) {
    this.parts = parts
  }

  /** It should have begun with a PROXY header of a trusted proxy, and did not. */
  unnamed(peer: string, reason: string): void {
    const { measures, newReference } = this.parts
    if (measures.limits.strikes('proxyHeader', clientName(peer), elapsed()))
      tellStranger(this.parts, newReference(), peer, TCP, { code: 'AR_REFUSED', reason: `${peer}: ${reason}` })
  }

  /** A connection was closed at once, since there are as many as there may be. */
  tooMany(listener: string, peer: string, why: NoEntry): void {
    if (why === 'closed' || why === 'no-address') return
    const { measures, newReference, world } = this.parts
    const whose = why === 'connections' ? `listener ${listener}` : clientName(peer)
    if (!measures.limits.strikes(why, whose, elapsed())) return
    const { [why]: most } = world().snapshot.settings.limits
    const reason = `${whose} has ${most} connections open, as many as ${LIMITS[why]} allows; more are closed at once`
    tellStranger(this.parts, newReference(), peer, TCP, { code: codeOf(why), reason })
  }

  /** What came was no request, and was answered so. */
  noRequest(ref: string, peer: string, came: Parameters<typeof shownRequest>[0], code: ErrorCode, reason: string): void {
    const tooLarge = code === 'AR_HEAD_TOO_LARGE' || code === 'AR_TARGET_TOO_LONG'
    const refusal = tooLarge ? ({ code, reason, limit: 'headerBytes' } as const) : { code, reason }
    tellStranger(this.parts, ref, peer, shownRequest(came), refusal, ERRORS[code].status)
  }

  /** How often limits went on striking after they were told of. `now` of `elapsed`. */
  tellMore(now: number): void {
    const { measures, newReference } = this.parts
    for (const { limit, client, more } of measures.limits.over(now))
      tellStranger(this.parts, newReference(), limit === 'connections' ? '' : client, TCP, {
        code: codeOf(limit),
        reason: `${client}: ${more} more within a minute (${LIMITS[limit] ?? limit})`,
      })
  }
}
