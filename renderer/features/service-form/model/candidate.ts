import { commonListeners, freeId, pinListeners, slug } from '../../../../proxy/contract/expose'
import { parseBackendUrl } from '../../../../proxy/contract/backend-url'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { toAsciiHost } from '../../../lib/idn'
import { writeAccessDraft } from './access-draft'
import type { ServiceDraft } from './draft'
import { normalise } from './typed-address'
import { upkeepOf } from './upkeep'
import { clean, filled } from './without-undefined'

type ListenerDocument = NonNullable<ConfigDocument['listeners']>[number]
type BackendDocument = NonNullable<ServiceDocument['backends']>[number]

/** The document as it would be saved. */
export interface Candidate {
  readonly document: ConfigDocument
  readonly service: ServiceDocument
  /** The listener that a port of its own needs and nobody has yet. */
  readonly newListener: ListenerDocument | null
}

/**
 * The document with the form's service in it: in place of the service `id`, or added at the end. Whatever of the service the
 * form does not show is kept as it is. Texts that are not right yet go in as they are, for the schema to say what is wrong.
 */
export function buildCandidate(given: ConfigDocument, typed: ServiceDraft, id: string | null): Candidate {
  const draft = normalise(typed)
  const where = listenersFor(given, draft, given.services?.find((service) => service.id === id))
  const document = where.added ? pinListeners(given) : given
  const services = document.services ?? []
  const present = services.find((service) => service.id === id)
  const service: ServiceDocument = clean({
    ...present,
    id: present?.id ?? freeId(slug(draft.name), services.map((other) => other.id)),
    name: present !== undefined && present.name === undefined && draft.name === present.id ? undefined : draft.name,
    type: present ? present.type : 'http',
    listeners: where.ids,
    hosts: hostsOf(draft),
    path: draft.path === '' ? undefined : draft.path,
    stripPath: draft.stripPath || undefined,
    backends: backendsOf(draft, present),
    ...advancedOf(draft, present),
    ...upkeepOf(draft, present),
    ...writeAccessDraft(draft, present),
    headers: draft.sendHost === 'preserve' && present?.headers?.host === undefined ? present?.headers : { ...present?.headers, host: draft.sendHost },
  })
  const listeners = [...(document.listeners ?? []), ...(where.added ? [where.added] : [])]
  const saved = present ? services.map((other) => (other === present ? service : other)) : [...services, service]
  const whole = { ...document, listeners, services: saved }
  return { document: present ? withoutOrphans(whole, present.listeners ?? []) : whole, service, newListener: where.added }
}

/** Takes out ports of their own (`port-8082`) among `ids` that no service names any more. */
export function withoutOrphans(document: ConfigDocument, ids: readonly string[]): ConfigDocument {
  const used = new Set((document.services ?? []).flatMap((service) => service.listeners ?? []))
  const listeners = (document.listeners ?? []).filter(({ id }) => used.has(id) || !ids.includes(id) || !/^port-\d+$/.test(id))
  return { ...document, listeners }
}

function listenersFor(document: ConfigDocument, draft: ServiceDraft, present: ServiceDocument | undefined): { ids: string[] | undefined; added: ListenerDocument | null } {
  if (draft.keptListeners !== null) return { ids: [...draft.keptListeners], added: null }
  const listeners = document.listeners ?? []
  if (draft.port === '') {
    const common = commonListeners(document)
    const all = present !== undefined && present.listeners === undefined
    return { ids: all || common.length === 0 ? undefined : common, added: null }
  }
  const port = Number(draft.port)
  const known = listeners.find((listener) => listener.port === port)
  if (known) return { ids: [known.id], added: null }
  const added: ListenerDocument = { id: freeId(`port-${slug(draft.port)}`, listeners.map((listener) => listener.id)), address: listeners[0]?.address ?? '0.0.0.0', port, protocol: 'http' }
  return { ids: [added.id], added }
}

function hostsOf(draft: ServiceDraft): string[] | undefined {
  const hosts = draft.hosts.map((host) => host.trim()).filter((host) => host !== '')
  return hosts.length === 0 ? undefined : hosts.map((host) => toAsciiHost(host) ?? host)
}

function backendsOf({ backends: rows, advanced }: ServiceDraft, present: ServiceDocument | undefined): BackendDocument[] {
  const typed = advanced.maxConnections.trim()
  const differ = new Set(present?.backends?.map(({ maxConnections }) => maxConnections)).size > 1
  const taken = rows.flatMap(({ id }) => (id === null ? [] : [id]))
  return rows.map((row) => {
    const before = present?.backends?.find(({ id }) => id === row.id)
    const id = row.id ?? freeId(backendId(row.url, rows.length === 1), taken)
    if (row.id === null) taken.push(id)
    return clean({
      ...before,
      id,
      url: row.url,
      weight: row.weight.trim() === '1' ? undefined : Number(row.weight.trim() || Number.NaN),
      role: row.role === 'primary' ? undefined : row.role,
      maxConnections: typed === '' ? (differ ? before?.maxConnections : undefined) : Number(typed),
      tls: row.verify ? undefined : { ...before?.tls, verify: false },
    })
  })
}

function backendId(url: string, only: boolean): string {
  const parsed = parseBackendUrl(url)
  return only || typeof parsed === 'string' ? 'main' : slug(`${parsed.host}-${parsed.port}`)
}

function advancedOf({ advanced, healthType }: ServiceDraft, present: ServiceDocument | undefined): Pick<ServiceDocument, 'health' | 'timeouts' | 'maxBody'> {
  const text = (key: keyof typeof advanced): string | undefined => advanced[key].trim() || undefined
  const whole = (key: keyof typeof advanced): number | undefined => (text(key) === undefined ? undefined : Number(text(key)))
  return {
    health: filled({
      ...present?.health,
      type: healthType === 'auto' ? undefined : healthType,
      path: text('health.path'), interval: text('health.interval'), timeout: text('health.timeout'),
      rise: whole('health.rise'), fall: whole('health.fall'), status: text('health.status'), body: text('health.body'),
    }),
    timeouts: filled({ ...present?.timeouts, connect: text('timeouts.connect'), response: text('timeouts.response'), idle: text('timeouts.idle'), tunnel: text('timeouts.tunnel'), drain: text('timeouts.drain') }),
    maxBody: text('maxBody'),
  }
}
