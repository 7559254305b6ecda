import type { Backend } from '../backend/backend'
import { POLICIES } from '../balance/policy'
import type { Refusal, RequestContext } from './context'

/** Chooses a backend that was not tried yet: a usable primary by the service's policy, else the first usable backup. */
export function select(context: RequestContext, now: number, random: () => number): Refusal | null {
  const all = context.service === null ? [] : (context.world.backends.get(context.service.id) ?? [])
  const [only] = all
  if (all.length === 1 && only !== undefined && context.tried.size === 0) {
    context.backend = only
    return null
  }
  // The only backend is never taken out by its own checks: a false alarm must not close the service.
  const usable = all.length === 1 ? all : all.filter((backend) => backend.health.isUsable(now))
  const open = usable.filter((backend) => !context.tried.has(backend))
  const primaries = open.filter(({ config }) => config.role === 'primary')
  const backup = open.find(({ config }) => config.role === 'backup')
  context.backend = pick(context, primaries, random) ?? backup ?? null
  if (context.backend !== null) return null
  return { code: 'AR_UNAVAILABLE', reason: only === undefined ? 'the service has no backend' : 'no backend is usable' }
}

function pick(context: RequestContext, candidates: readonly Backend[], random: () => number): Backend | undefined {
  if (context.service === null || candidates.length < 2) return candidates[0]
  return POLICIES[context.service.config.balance.policy](candidates, { client: context.clientAddress, random })
}
