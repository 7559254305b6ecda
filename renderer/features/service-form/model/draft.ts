import { commonListeners } from '../../../../proxy/contract/expose'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import type { Backend } from '../../../../proxy/contract/config/backend'
import { DEFAULTS } from '../../../../proxy/contract/config/facts'
import type { Service, ServiceDocument } from '../../../../proxy/contract/config/service'
import { isMachineType, PROTOCOL_OF } from '../../../../proxy/contract/config/service-kinds'
import { toUnicodeHost } from '../../../lib/idn'
import { type Protocol, speaking } from '../../../lib/service-edits'
import type { ExposeKind } from '../../../state/route'
import { type AccessDraft, accessDraftOf, NEW_ACCESS } from './access-draft'
import { type AdvancedDraft, advancedDraftOf } from './advanced-draft'
import { type FilesDraft, filesDraftOf } from './files-draft'
import { machineAddress, type MachineDraft, machineDraftOf, NEW_MACHINE } from './machine-draft'
import { presetById } from './presets'
import { NEW_REDIRECT, type RedirectDraft, redirectDraftOf } from './redirect-draft'

export type Policy = Service['balance']['policy']
export type Role = Backend['role']
export type MaintenanceMode = Service['maintenance']['mode']
/** `auto`: the document says nothing, and what is asked follows from the rest. */
export type HealthType = 'auto' | NonNullable<Service['health']['type']>

const { service: STANDARD, backend: BACKEND } = DEFAULTS

/** One backend's row. `key` stays the same while its address is typed. */
export interface BackendDraft {
  readonly key: string
  /** Its id in the document; null until it is first saved. */
  readonly id: string | null
  readonly url: string
  readonly role: Role
  readonly weight: string
  readonly verify: boolean
  /** The name in its certificate; empty: the host of its address. */
  readonly serverName: string
}

/** Where a service is reached and what answers: what means something else for machines than for web addresses. */
export interface PlaceDraft {
  /** Host names in people's letters; one empty text is any host. For machines: those that TLS clients ask for. */
  readonly hosts: readonly string[]
  /** A port of its own; empty: the common ones. Machines have no common ones. */
  readonly port: string
  /** Listeners that the port field cannot say, kept until a person decides otherwise. */
  readonly keptListeners: readonly string[] | null
  readonly backends: readonly BackendDraft[]
  readonly policy: Policy
  readonly healthType: HealthType
  readonly advanced: AdvancedDraft
}

/** The form: what a person typed, as they typed it. */
export interface ServiceDraft extends AccessDraft, PlaceDraft, FilesDraft, RedirectDraft, MachineDraft {
  readonly kind: ExposeKind
  readonly name: string
  readonly path: string
  readonly maintenanceMode: MaintenanceMode
  /** Whether nobody is told when it fails. */
  readonly mute: boolean
  readonly stripPath: boolean
  /** Whether visitors of the path without a final slash are led to it with one. */
  readonly slashRedirect: boolean
  readonly sendHost: Service['headers']['host']
  /** What was typed for a machine while the kind is another, and the other way round. */
  readonly aside: PlaceDraft
}

/** A new web page: nothing typed yet but what the link to the form brought along, open to this office network. */
export function emptyDraft(given: { url?: string | undefined; name?: string | undefined; folder?: string | undefined } = {}): ServiceDraft {
  return {
    kind: 'web',
    name: given.name ?? '',
    ...emptyPlace(given.url),
    path: '',
    ...NEW_ACCESS,
    maintenanceMode: STANDARD.maintenance.mode,
    mute: STANDARD.alerts.mute,
    stripPath: STANDARD.stripPath,
    slashRedirect: STANDARD.slashRedirect,
    sendHost: STANDARD.headers.host,
    ...filesDraftOf({ root: given.folder }),
    ...NEW_REDIRECT,
    ...NEW_MACHINE,
    aside: { ...emptyPlace(), port: String(presetById(NEW_MACHINE.preset).port ?? '') },
  }
}

function emptyPlace(url = ''): PlaceDraft {
  return {
    hosts: [''],
    port: '',
    keptListeners: null,
    backends: [newBackend([], url)],
    policy: STANDARD.balance.policy,
    healthType: 'auto',
    advanced: advancedDraftOf(undefined),
  }
}

/** A row for another backend. The first is the primary one; what is added later most often shares its work. */
export function newBackend(present: readonly BackendDraft[], url = ''): BackendDraft {
  const next = 1 + Math.max(0, ...present.map(({ key }) => Number(key.replace('new-', '')) || 0))
  return {
    key: `new-${next}`,
    id: null,
    url,
    role: BACKEND.role,
    weight: String(BACKEND.weight),
    verify: BACKEND.tls.verify,
    serverName: '',
  }
}

/** The form of a service that exists. */
export function draftOf(document: ConfigDocument, service: ServiceDocument): ServiceDraft {
  const hosts = (service.hosts ?? []).filter((host) => host !== '*').map(toUnicodeHost)
  return {
    kind: kindOf(service),
    name: service.name ?? service.id,
    hosts: hosts.length > 0 ? hosts : [''],
    ...whereOf(document, service),
    path: service.path === undefined || service.path === STANDARD.path ? '' : service.path,
    ...accessDraftOf(service, document.accessLists),
    backends: (service.backends ?? []).map(({ id, url, role, weight, tls }) => ({
      key: id,
      id,
      url: machineAddress(url),
      role: role ?? BACKEND.role,
      weight: String(weight ?? BACKEND.weight),
      verify: tls?.verify ?? BACKEND.tls.verify,
      serverName: tls?.serverName ?? '',
    })),
    policy: service.balance?.policy ?? STANDARD.balance.policy,
    healthType: service.health?.type ?? 'auto',
    maintenanceMode: service.maintenance?.mode ?? STANDARD.maintenance.mode,
    mute: service.alerts?.mute ?? STANDARD.alerts.mute,
    stripPath: service.stripPath ?? STANDARD.stripPath,
    slashRedirect: service.slashRedirect ?? STANDARD.slashRedirect,
    sendHost: service.headers?.host ?? STANDARD.headers.host,
    advanced: advancedDraftOf(service),
    ...filesDraftOf(service),
    ...redirectDraftOf(service),
    ...machineDraftOf(service),
    // The kind of a saved service is fixed.
    aside: emptyPlace(),
  }
}

function kindOf({ type = STANDARD.type }: ServiceDocument): ExposeKind {
  return isMachineType(type) ? 'machine' : type === 'http' ? 'web' : type
}

/** What the service’s listeners speak. */
export function protocolOf({ kind, preset }: Pick<ServiceDraft, 'kind' | 'preset'>): Protocol {
  return kind === 'machine' ? presetById(preset).protocol : 'http'
}

function whereOf(document: ConfigDocument, service: ServiceDocument): Pick<ServiceDraft, 'port' | 'keptListeners'> {
  const protocol = PROTOCOL_OF[service.type ?? STANDARD.type]
  const all = protocol === 'http' ? commonListeners(document) : speaking(document, protocol).map(({ id }) => id)
  const ids = service.listeners
  if (protocol === 'http' && (ids === undefined || sameMembers(ids, all))) return { port: '', keptListeners: null }
  if (ids === undefined) return { port: '', keptListeners: all.length === 0 ? null : all }
  const own = ids.length === 1 ? document.listeners?.find(({ id }) => id === ids[0]) : undefined
  return own ? { port: String(own.port), keptListeners: null } : { port: '', keptListeners: ids }
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item))
}
