import type { ConfigDocument } from '../../proxy/contract/config/document'
import { DEFAULTS } from '../../proxy/contract/config/facts'
import type { ServiceDocument } from '../../proxy/contract/config/service'
import { PROTOCOL_OF } from '../../proxy/contract/config/service-kinds'
import { commonListeners, freeId, isOwnPort, ownPortId, pinListeners, slug } from '../../proxy/contract/expose'

export type ListenerDocument = NonNullable<ConfigDocument['listeners']>[number]
export type Protocol = NonNullable<ListenerDocument['protocol']>

/** The listeners that speak a protocol. */
export function speaking(document: ConfigDocument, protocol: Protocol): readonly ListenerDocument[] {
  return (document.listeners ?? []).filter((listener) => (listener.protocol ?? 'http') === protocol)
}

/** The listeners that a service answers on; one that names none answers on all that speak its protocol. */
export function listenersOf(
  document: ConfigDocument,
  { type, listeners }: Pick<ServiceDocument, 'type' | 'listeners'>,
): readonly ListenerDocument[] {
  return speaking(document, PROTOCOL_OF[type ?? 'http']).filter(({ id }) => listeners === undefined || listeners.includes(id))
}

/**
 * A listener for one more port. `like`: the listener whose place it takes, or that of the original: it is no more open than
 * that one. Without it, it is on the address that the first one has.
 */
export function newListener(document: ConfigDocument, protocol: Protocol, port: number, like?: ListenerDocument): ListenerDocument {
  const listeners = document.listeners ?? []
  // Of a text that is no port yet, too, the id has to be one: the port alone is what is wrong.
  const id = freeId(
    slug(ownPortId(port, protocol)),
    listeners.map((other) => other.id),
  )
  if (like)
    return {
      id,
      address: like.address ?? DEFAULTS.listener.address,
      port,
      protocol,
      ...(like.proxyProtocol === undefined ? {} : { proxyProtocol: like.proxyProtocol }),
    }
  return { id, address: listeners[0]?.address ?? DEFAULTS.listener.address, port, protocol }
}

/** Switches a service on or off; its settings stay. */
export function setEnabled(document: ConfigDocument, id: string, enabled: boolean): ConfigDocument {
  const services = document.services?.map((service) => (service.id === id ? { ...service, enabled } : service))
  return services ? { ...document, services } : document
}

/** Shows everybody the maintenance page, or only while no backend is usable; its words stay. */
export function setMaintenance(document: ConfigDocument, id: string, on: boolean): ConfigDocument {
  const services = document.services?.map((service) =>
    service.id === id ? { ...service, maintenance: { ...service.maintenance, mode: on ? ('on' as const) : ('auto' as const) } } : service,
  )
  return services ? { ...document, services } : document
}

/** Tells nobody about the service until then; null: tells again. */
export function muteUntil(document: ConfigDocument, id: string, until: number | null): ConfigDocument {
  const services = document.services?.map((service) => {
    if (service.id !== id) return service
    const { muteUntil: _before, ...alerts } = service.alerts ?? {}
    return { ...service, alerts: until === null ? alerts : { ...alerts, muteUntil: new Date(until).toISOString() } }
  })
  return services ? { ...document, services } : document
}

/** Takes a service out, and a listener that was a port of its own for it alone. */
export function removeService(document: ConfigDocument, id: string): ConfigDocument {
  const removed = document.services?.find((service) => service.id === id)
  const services = (document.services ?? []).filter((service) => service.id !== id)
  const common = commonListeners(document)
  const orphaned = (removed?.listeners ?? []).filter(
    (name) => isOwnPort(name) && !common.includes(name) && !services.some(({ listeners }) => listeners?.includes(name)),
  )
  return { ...document, services, listeners: (document.listeners ?? []).filter((listener) => !orphaned.includes(listener.id)) }
}

/** Adds a copy of a service, right after it, that keeps everything but its name and its port. Null where there is no such service. */
export function cloneService(
  given: ConfigDocument,
  id: string,
  port: number,
): { document: ConfigDocument; id: string; name: string } | null {
  const protocol = PROTOCOL_OF[given.services?.find((service) => service.id === id)?.type ?? 'http']
  const document = pinListeners(given)
  const services = document.services ?? []
  const at = services.findIndex((service) => service.id === id)
  const original = services[at]
  if (!original) return null
  const listener = newListener(document, protocol, port, listenersOf(document, original)[0])
  const name = freeName(
    original.name ?? original.id,
    services.map((service) => service.name ?? service.id),
  )
  const clone = {
    ...original,
    id: freeId(
      slug(name),
      services.map((service) => service.id),
    ),
    name,
    listeners: [listener.id],
  }
  return {
    document: { ...document, listeners: [...(document.listeners ?? []), listener], services: services.toSpliced(at + 1, 0, clone) },
    id: clone.id,
    name,
  }
}

function freeName(name: string, taken: readonly string[]): string {
  const used = new Set(taken.map((other) => other.toLowerCase()))
  for (let n = 1; ; n++) {
    const wanted = `${name.slice(0, 50)} copy${n === 1 ? '' : ` ${n}`}`
    if (!used.has(wanted.toLowerCase())) return wanted
  }
}
