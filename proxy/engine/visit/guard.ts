import { blockWords } from '../gate/auto-blocks'
import type { AccessGate } from '../gate/access-gate'
import { hasComeBy, type ViaNames } from '../http/via'
import { maintenancePage } from '../../contract/maintenance-page'
import type { CompiledService } from '../world/snapshot'
import type { RequestContext } from './context'
import type { Refusal } from './refusal'
import type { Visit } from './visit'

/** The whole gateway's block lists; they come before everything else that is said about a request. */
export function guardGateway(context: Visit, gate: AccessGate): Refusal | null {
  const {
    clientAddress,
    client,
    at,
    started,
    world: { snapshot },
  } = context
  const place = snapshot.blocked.find(clientAddress, at)
  if (place !== -1) {
    gate.countBlocked(snapshot.blocked.from(place))
    return { code: 'AR_REFUSED', reason: `${client}: ${snapshot.blocked.because(place)}` }
  }
  const block = gate.blocks.find(clientAddress, started)
  if (block === null) return null
  block.refused += 1
  return { code: 'AR_REFUSED', reason: `${client}: ${blockWords(client, block)} (settings.autoBlock)`, limit: 'autoBlock' }
}

/** The service's own rules: who may, and how often. */
export function guardAccess(context: Visit, gate: AccessGate): Refusal | null {
  const { service, clientAddress, at, started } = context
  if (service === null) return null
  context.letIn = service.access.decide(clientAddress, at) === 'allow'
  if (!context.letIn) {
    const refusal = refuse(context, service, gate)
    if (refusal !== null) return refusal
  }
  if (service.config.rateLimit !== undefined) {
    const wait = gate.waitFor(service, clientAddress)
    if (wait > 0) return limited(context, service, gate, wait)
  }
  const recent = context.isForgeable ? gate.recentForgeable : gate.recent
  context.recent = recent.saw(service.id, clientAddress, context.client, started, context.recent)
  return null
}

/** A request that has come through this service before goes round in a circle: it would take every connection there is. */
export function guardLoop({ service, head }: RequestContext, names: ViaNames): Refusal | null {
  if (service === null || !hasComeBy(head.lines, names, service.id)) return null
  const reason = `the request has been through ${service.id} before: a backend of the service, or a proxy behind it, leads back here; give the backend the address of the server itself`
  return { code: 'AR_LOOP', reason }
}

/** The body's announced size. */
export function guardBody({ service, head }: RequestContext): Refusal | null {
  const maxBody = service?.config.maxBody
  if (maxBody === undefined || head.length <= maxBody) return null
  return { code: 'AR_BODY_TOO_LARGE', reason: `a body of ${head.length} bytes; the service’s maxBody is ${maxBody}`, limit: 'maxBody' }
}

/** The page that somebody has switched on, but for those who may see the real site. */
export function guardMaintenance({ service, clientAddress, at }: RequestContext): Refusal | null {
  if (service?.config.maintenance.mode !== 'on' || service.seesThrough.decide(clientAddress, at) === 'allow') return null
  return { code: 'AR_MAINTENANCE', reason: 'the service is in maintenance', page: maintenancePage(service.config.maintenance, at) }
}

/** What follows from rules that refuse: nothing where the service only watches, or asks for a password instead. */
function refuse(context: Visit, service: CompiledService, gate: AccessGate): Refusal | null {
  const { access, basicAuth } = service.config
  const { clientAddress, client, at, started } = context
  if (access.satisfy === 'any' && basicAuth !== undefined) return null
  const rule = service.access.ruleFor(clientAddress, at)
  const because = service.access.because(clientAddress, at)
  const watched = access.mode === 'watch'
  gate.countsOf(service.id).add(rule, watched)
  context.rule = watched ? `would be refused: ${because}` : because
  if (watched) return null
  if (!context.isForgeable) gate.strike(clientAddress, client, started)
  const refusal = { code: 'AR_REFUSED', reason: `${client}: ${because}` } as const
  if (access.onDeny === '403') return refusal
  return access.onDeny === '404' ? { ...refusal, shownAs: 'AR_NO_SERVICE' } : { ...refusal, cut: true }
}

function limited(context: Visit, service: CompiledService, gate: AccessGate, wait: number): Refusal {
  gate.countsOf(service.id).rateLimited += 1
  if (!context.isForgeable) gate.strike(context.clientAddress, context.client, context.started)
  return {
    code: 'AR_RATE_LIMITED',
    reason: `${context.client}: more than ${service.config.rateLimit?.requests ?? 0} requests, as many as the service’s rateLimit lets one client make`,
    limit: 'rateLimit',
    fields: ['Retry-After', String(Math.ceil(wait / 1_000))],
  }
}
