import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { parseAddress } from '../../../../proxy/contract/address'
import { commonListeners, isOwnPort } from '../../../../proxy/contract/expose'
import { DEFAULTS } from '../../../../proxy/contract/config/facts'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { type ListenerDocument, listenersOf, newListener, speaking } from '../../../lib/service-edits'
import { protocolOf, type ServiceDraft } from './draft'
import { normalise } from './typed-address'

/** The listeners that a form asks for. */
export interface Wanted {
  /** Undefined: all that fit, as the document says it. */
  readonly ids: string[] | undefined
  /** One that nobody has yet. */
  readonly added: ListenerDocument | null
}

export function listenersFor(document: ConfigDocument, draft: ServiceDraft, present: ServiceDocument | undefined): Wanted {
  const protocol = protocolOf(draft)
  const all = present !== undefined && present.listeners === undefined
  if (draft.keptListeners !== null) return { ids: all ? undefined : [...draft.keptListeners], added: null }
  if (draft.port === '') {
    // A machine has to have a port; the schema refuses the empty list.
    const common = protocol === 'http' ? commonListeners(document) : []
    return { ids: protocol === 'http' && (all || common.length === 0) ? undefined : common, added: null }
  }
  const port = Number(draft.port)
  const known = speaking(document, protocol).find((listener) => listener.port === port)
  if (known) return { ids: [known.id], added: null }
  const added = newListener(document, protocol, port, present && listenersOf(document, present)[0])
  return { ids: [added.id], added }
}

/** The address that the form's service would listen on: of several the one that most can reach. */
export function listenAddress(document: ConfigDocument, typed: ServiceDraft, present: ServiceDocument | undefined): string {
  const draft = normalise(typed)
  const { ids, added } = listenersFor(document, draft, present)
  const addresses = (added ? [added] : speaking(document, protocolOf(draft)).filter(({ id }) => ids?.includes(id) ?? true)).map(
    ({ address }) => address ?? DEFAULTS.listener.address,
  )
  return (
    addresses.find((address) => reachOf(address) === 'all') ??
    addresses.find((address) => reachOf(address) === 'one') ??
    addresses[0] ??
    DEFAULTS.listener.address
  )
}

/** Who can reach what listens on an address: whoever reaches this machine, those that reach this one address, this machine alone. */
export function reachOf(address: string): 'all' | 'one' | 'self' {
  const parsed = parseAddress(address)
  if (parsed?.value === 0n) return 'all'
  return parsed && (parsed.family === 4 ? parsed.value >> 24n === 127n : parsed.value === 1n) ? 'self' : 'one'
}

/** Where people find what listens on an address: at that one, or, where it stands for all, at one of the machine's. */
export function hostFor(address: string, addresses: readonly string[], otherwise: string): string {
  return reachOf(address) === 'all' ? (addresses[0] ?? otherwise) : address
}

/** Takes out ports of their own (`port-8082`) among `ids` that no service names any more. */
export function withoutOrphans(document: ConfigDocument, ids: readonly string[]): ConfigDocument {
  const used = new Set((document.services ?? []).flatMap((service) => service.listeners ?? []))
  const listeners = (document.listeners ?? []).filter(({ id }) => used.has(id) || !ids.includes(id) || !isOwnPort(id))
  return { ...document, listeners }
}
