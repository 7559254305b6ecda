import type { ConfigDocument } from '../../contract/config/document'

type ServiceDocument = NonNullable<ConfigDocument['services']>[number]

/**
 * An earlier document with everything of the later one that keeps somebody out: what a person closed, blocked, listed or
 * asked a password for does not go back by itself, whatever became of the rest. A service that the later one does not name
 * comes back switched off.
 */
export function withProtection(earlier: ConfigDocument, later: ConfigDocument): ConfigDocument {
  const settings = {
    ...earlier.settings,
    ...pick(later.settings ?? {}, ['closed', 'autoBlock', 'trustedProxies', 'vpnInterfaces', 'limits']),
  }
  const accessLists = mergeById(earlier.accessLists ?? [], later.accessLists ?? [])
  return {
    ...earlier,
    ...pick(later, ['blocked']),
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
    ...service,
    ...pick(same, ['access', 'basicAuth', 'rateLimit', 'lockdown', 'maintenance']),
    ...(same.enabled === false ? { enabled: false } : {}),
  }
}

function mergeById<Entry extends { readonly id: string }>(earlier: readonly Entry[], later: readonly Entry[]): Entry[] {
  const named = new Set(later.map(({ id }) => id))
  return [...later, ...earlier.filter(({ id }) => !named.has(id))]
}

function pick<Whole extends object, Key extends keyof Whole>(whole: Whole, keys: readonly Key[]): Partial<Pick<Whole, Key>> {
  const picked: Partial<Pick<Whole, Key>> = {}
  for (const key of keys) if (whole[key] !== undefined) picked[key] = whole[key]
  return picked
}
