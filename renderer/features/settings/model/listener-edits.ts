import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { freeId } from '../../../../proxy/contract/expose'
import { parseConfig } from '../../../../proxy/contract/parse'
import { portProblem } from '../../../lib/number-problems'
import { asSentence } from '../../../lib/format'

/** A listener as its dialog holds it. */
export interface ListenerDraft {
  /** Null: a new one. */
  readonly id: string | null
  readonly address: string
  readonly port: string
}

/** Names of the services that say this listener by name, and of those that have no other. */
export interface ListenerUse {
  readonly named: readonly string[]
  readonly only: readonly string[]
}

/** Adds or changes a listener. A new one is for every service that names none, and for new services. */
export function putListener(document: ConfigDocument, { id, address, port }: ListenerDraft): ConfigDocument {
  const listeners = document.listeners ?? []
  const number = Number(port.trim() || Number.NaN)
  if (id !== null)
    return { ...document, listeners: listeners.map((listener) => (listener.id === id ? { ...listener, address, port: number } : listener)) }
  const added = {
    id: freeId(
      'web',
      listeners.map((listener) => listener.id),
    ),
    address,
    port: number,
    protocol: 'http' as const,
  }
  return { ...document, listeners: [...listeners, added] }
}

/** What is wrong with the listener as typed, in a sentence; null: nothing. */
export function checkListener(document: ConfigDocument, draft: ListenerDraft): string | null {
  if (!/^\d{1,5}$/.test(draft.port.trim())) return portProblem(draft.port)
  const parsed = parseConfig(putListener(document, draft))
  if (parsed.ok) return null
  const [issue] = parsed.issues
  const owner = /^services\[(\d+)\]\.backends/.exec(issue?.path ?? '')
  const service = owner ? document.services?.[Number(owner[1])] : undefined
  if (service) return `“${service.name ?? service.id}” gets its pages from this port. Choose another one.`
  return issue ? asSentence(issue.message) : null
}

/** Who would miss the listener. */
export function listenerUse(document: ConfigDocument, id: string): ListenerUse {
  const named = (document.services ?? []).filter(({ listeners }) => listeners?.includes(id))
  const name = (service: (typeof named)[number]): string => service.name ?? service.id
  return { named: named.map(name), only: named.filter(({ listeners }) => listeners?.length === 1).map(name) }
}

/** Takes a listener out, also of the services that name it beside others. */
export function removeListener(document: ConfigDocument, id: string): ConfigDocument {
  return {
    ...document,
    listeners: (document.listeners ?? []).filter((listener) => listener.id !== id),
    services: (document.services ?? []).map((service) =>
      service.listeners?.includes(id) ? { ...service, listeners: service.listeners.filter((name) => name !== id) } : service,
    ),
  }
}
