import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { commonListeners, isOwnPort, slug } from '../../../../proxy/contract/expose'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { type ListenerDocument, newListener, speaking } from '../../../lib/service-edits'
import { protocolOf, type ServiceDraft } from './draft'

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
  const added = newListener(document, protocol, port, slug(draft.port))
  return { ids: [added.id], added }
}

/** Takes out ports of their own (`port-8082`) among `ids` that no service names any more. */
export function withoutOrphans(document: ConfigDocument, ids: readonly string[]): ConfigDocument {
  const used = new Set((document.services ?? []).flatMap((service) => service.listeners ?? []))
  const listeners = (document.listeners ?? []).filter(({ id }) => used.has(id) || !ids.includes(id) || !isOwnPort(id))
  return { ...document, listeners }
}
