import type { Refusal, RequestContext } from './context'

/** The whole gateway's block list; it comes before everything else that is said about a request. */
export function guardGateway(context: RequestContext): Refusal | null {
  const blocked = context.world.snapshot.blocked(context.clientAddress, context.at)
  return blocked === null ? null : { code: 'AR_REFUSED', reason: `${context.client}: ${blocked}` }
}

/** The service's own rules: who may, and how much. */
export function guardService(context: RequestContext): Refusal | null {
  const { service, head } = context
  if (service === null) return null
  if (service.access.decide(context.clientAddress) === 'deny') return { code: 'AR_REFUSED', reason: `${context.client}: ${service.access.because(context.clientAddress)}` }
  const { maxBody } = service.config
  if (maxBody !== undefined && head.length > maxBody) return { code: 'AR_BODY_TOO_LARGE', reason: `a body of ${head.length} bytes; the limit is ${maxBody}` }
  return null
}
