import type { ShownRequest } from '../measure/shown'
import { observe } from './observe'
import type { VisitParts } from './parts'
import type { Refusal } from './refusal'
import { Visit } from './visit'

/**
 * Tells the log of somebody who did not get as far as a visit: what came was no request, or the connection did not begin as it
 * has to. Otherwise nobody would see why. `status`: what was answered; 0: nothing.
 */
export function tellStranger(parts: VisitParts, ref: string, peer: string, came: ShownRequest, refusal: Refusal, status = 0): void {
  const visit = new Visit(parts.world(), peer, null)
  visit.open(visit.world, ref, peer, null)
  visit.refusal = refusal
  visit.status = status
  observe(visit, came.method, came.host, came.path, parts.measures)
}
