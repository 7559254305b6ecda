import { elapsed } from '../contract/clock'
import { ERRORS, type ErrorCode } from '../contract/errors'
import { LIMITS } from '../contract/limits'
import { clientName, nameOfKey } from './access/client-key'
import type { NoEntry } from './edge/connection-limits'
import type { HandshakeLimit } from './edge/handshakes'
import { codeOf, limitText } from './limit-words'
import { shownRequest } from './measure/shown'
import type { VisitParts } from './visit/parts'
import { tellStranger } from './visit/stranger'
import type { World } from './world/world'

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
    const whose = why === 'connections' ? `listener ${listener}` : why === 'descriptors' ? 'the gateway' : clientName(peer)
    if (!measures.limits.strikes(why, whose, elapsed())) return
    tellStranger(this.parts, newReference(), peer, TCP, { code: codeOf(why), reason: this.fullWords(why, whose, world()) })
  }

  /** A connection that had not said what it wants was closed: a newer one needed its place. */
  tooManyHandshakes(limit: HandshakeLimit, most: number, client: bigint | null): void {
    const { measures, newReference } = this.parts
    const whose = limit === 'handshakes' || client === null ? 'the gateway' : nameOfKey(client)
    if (!measures.limits.strikes(limit, whose, elapsed())) return
    const reason = `${whose} has ${most} connections that have not said yet what they want, as many as ${LIMITS[limit]} allows; a new one ends the longest silent`
    tellStranger(this.parts, newReference(), limit === 'handshakes' ? '' : whose, TCP, { code: codeOf(limit), reason })
  }

  private fullWords(why: Exclude<NoEntry, 'closed' | 'no-address'>, whose: string, { snapshot }: World): string {
    if (why === 'descriptors') return limitText(why)
    if (why === 'refusedConnections')
      return `${whose}: nothing here lets it in, and as many of those as may wait for their answer do; more are closed at once`
    return `${whose} has ${snapshot.settings.limits[why]} connections open, as many as ${LIMITS[why]} allows; more are closed at once`
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
      tellStranger(this.parts, newReference(), limit === 'connections' || client === 'the gateway' ? '' : client, TCP, {
        code: codeOf(limit),
        reason: `${client}: ${more} more within a minute (${LIMITS[limit] ?? limit})`,
      })
  }
}
