import type { ConfigDocument } from '../../contract/config/document'

const SETTINGS = ['closed', 'autoBlock', 'trustedProxies', 'vpnInterfaces', 'limits'] as const

type ServiceDocument = NonNullable<ConfigDocument['services']>[number]

/**
 * An earlier document with everything of the later one that keeps somebody out: what a person closed, blocked, listed or
 * asked a password for does not go back by itself, whatever became of the rest. What the later one does not have is not
 * taken from the earlier one either: proxies that are trusted no longer stay so, and what was opened is not closed again.
 * A service that the later one does not name comes back switched off.
 */
export function withProtection(earlier: ConfigDocument, later: ConfigDocument): ConfigDocument {
  const settings = withThoseOf(later.settings ?? {}, earlier.settings ?? {}, SETTINGS)
  const { settings: _before, ...rest } = earlier
  const accessLists = mergeById(earlier.accessLists ?? [], later.accessLists ?? [])
  return {
    ...withThoseOf(later, rest, ['blocked']),
    ...(accessLists.length === 0 ? {} : { accessLists }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(earlier.services === undefined ? {} : { services: earlier.services.map((service) => guarded(service, later.services ?? [])) }),
  }
}

function guarded(service: ServiceDocument, later: readonly ServiceDocument[]): ServiceDocument {
  const same = later.find(({ id }) => id === service.id)
  // Rules of another kind of service may mean nothing for this one.
  if (same === undefined || (same.type ?? 'http') !== (service.type ?? 'http')) return { ...service, enabled: false }
  return {
    ...withThoseOf(same, service, ['access', 'basicAuth', 'rateLimit', 'lockdown', 'maintenance']),
    ...(same.enabled === false ? { enabled: false } : {}),
  }
}

function mergeById<Entry extends { readonly id: string }>(earlier: readonly Entry[], later: readonly Entry[]): Entry[] {
  const named = new Set(later.map(({ id }) => id))
  return [...later, ...earlier.filter(({ id }) => !named.has(id))]
}

/** `whole` with these keys as `other` has them, absent ones included. */
function withThoseOf<Whole extends object>(other: Whole, whole: Whole, keys: readonly (keyof Whole)[]): Whole {
  const result = { ...whole }
  for (const key of keys) {
    if (other[key] === undefined) delete result[key]
    else result[key] = other[key]
  }
  return result
}
