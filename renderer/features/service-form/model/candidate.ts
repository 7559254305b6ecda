import { freeId, pinListeners, slug } from '../../../../proxy/contract/expose'
import { parseBackendUrl } from '../../../../proxy/contract/backend-url'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import { DEFAULTS } from '../../../../proxy/contract/config/facts'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { toAsciiHost } from '../../../lib/idn'
import type { ListenerDocument } from '../../../lib/service-edits'
import { writeAccessDraft } from './access-draft'
import { protocolOf, type ServiceDraft } from './draft'
import { writeFiles } from './files-draft'
import { listenersFor, withoutOrphans } from './listeners'
import { writeRedirect } from './redirect-draft'
import { normalise } from './typed-address'
import { alertsOf, maintenanceOf, sharingOf } from './upkeep'
import { clean, filled } from './without-undefined'

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
  const where = listenersFor(
    given,
    draft,
    given.services?.find((service) => service.id === id),
  )
  const document = where.added ? pinListeners(given) : given
  const services = document.services ?? []
  const present = services.find((service) => service.id === id)
  const service: ServiceDocument = clean({
    ...present,
    id:
      present?.id ??
      freeId(
        slug(draft.name),
        services.map((other) => other.id),
      ),
    name: present !== undefined && present.name === undefined && draft.name === present.id ? undefined : draft.name,
    type: present ? present.type : typeOf(draft),
    listeners: where.ids,
    ...partsOf(draft, present),
    alerts: alertsOf(draft, present),
    ...writeAccessDraft(draft.kind === 'machine' ? { ...draft, users: [], onDeny: DEFAULTS.service.access.onDeny } : draft, present),
  })
  const listeners = [...(document.listeners ?? []), ...(where.added ? [where.added] : [])]
  const saved = present ? services.map((other) => (other === present ? service : other)) : [...services, service]
  const whole = { ...document, listeners, services: saved }
  return { document: present ? withoutOrphans(whole, present.listeners ?? []) : whole, service, newListener: where.added }
}

function typeOf(draft: ServiceDraft): NonNullable<ServiceDocument['type']> {
  const { kind } = draft
  return kind === 'web' || kind === 'machine' ? protocolOf(draft) : kind
}

/** What only services of this kind have. */
function partsOf(draft: ServiceDraft, present: ServiceDocument | undefined): Partial<ServiceDocument> {
  const web = { hosts: hostsOf(draft), path: draft.path === '' ? undefined : draft.path }
  if (draft.kind === 'files') return { ...web, ...writeFiles(draft, present) }
  if (draft.kind === 'redirect') return { ...web, ...writeRedirect(draft, present) }
  const shared = { backends: backendsOf(draft, present), ...sharingOf(draft, present), ...advancedOf(draft, present) }
  if (draft.kind === 'machine') return protocolOf(draft) === 'tcp' ? { hosts: hostsOf(draft), ...shared } : shared
  return {
    ...web,
    stripPath: draft.stripPath || undefined,
    slashRedirect: draft.stripPath && !draft.slashRedirect ? false : undefined,
    ...shared,
    maintenance: maintenanceOf(draft, present),
    headers:
      draft.sendHost === DEFAULTS.service.headers.host && present?.headers?.host === undefined
        ? present?.headers
        : { ...present?.headers, host: draft.sendHost },
  }
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
      weight: row.weight.trim() === String(DEFAULTS.backend.weight) ? undefined : Number(row.weight.trim() || Number.NaN),
      role: row.role === DEFAULTS.backend.role ? undefined : row.role,
      maxConnections: typed === '' ? (differ ? before?.maxConnections : undefined) : Number(typed),
      tls: tlsOf(row),
    })
  })
}

function tlsOf({ verify, serverName }: ServiceDraft['backends'][number]): BackendDocument['tls'] {
  const name = serverName.trim()
  if (verify && name === '') return undefined
  return { ...(verify ? {} : { verify: false }), ...(name === '' ? {} : { serverName: name }) }
}

function backendId(url: string, only: boolean): string {
  const parsed = parseBackendUrl(url)
  return only || typeof parsed === 'string' ? 'main' : slug(`${parsed.host}-${parsed.port}`)
}

function advancedOf(draft: ServiceDraft, present: ServiceDocument | undefined): Pick<ServiceDocument, 'health' | 'timeouts' | 'maxBody'> {
  const { advanced, healthType } = draft
  const text = (key: keyof typeof advanced): string | undefined => advanced[key].trim() || undefined
  const whole = (key: keyof typeof advanced): number | undefined => (text(key) === undefined ? undefined : Number(text(key)))
  return {
    health: filled({
      ...present?.health,
      type: healthType === 'auto' ? undefined : healthType,
      path: text('health.path'),
      interval: text('health.interval'),
      timeout: text('health.timeout'),
      rise: whole('health.rise'),
      fall: whole('health.fall'),
      status: text('health.status'),
      body: text('health.body'),
      expect: protocolOf(draft) === 'tcp' && draft.greeting !== 'none' ? draft.greeting : undefined,
    }),
    timeouts: filled({
      ...present?.timeouts,
      connect: text('timeouts.connect'),
      response: text('timeouts.response'),
      idle: text('timeouts.idle'),
      tunnel: text('timeouts.tunnel'),
      drain: text('timeouts.drain'),
    }),
    maxBody: text('maxBody'),
  }
}
