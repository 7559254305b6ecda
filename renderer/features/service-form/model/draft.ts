import { commonListeners } from '../../../../proxy/contract/expose'
import type { ConfigDocument } from '../../../../proxy/contract/config/document'
import type { ServiceDocument } from '../../../../proxy/contract/config/service'
import { toUnicodeHost } from '../../../lib/idn'
import { type AccessDraft, accessDraftOf, NEW_ACCESS } from './access-draft'

export type Policy = NonNullable<NonNullable<ServiceDocument['balance']>['policy']>
export type Role = 'primary' | 'backup'
export type MaintenanceMode = 'off' | 'on' | 'auto'
export type HealthType = 'auto' | 'http' | 'tcp' | 'off'

/** One backend's row. `key` stays the same while its address is typed. */
export interface BackendDraft {
  readonly key: string
  /** Its id in the document; null until it is first saved. */
  readonly id: string | null
  readonly url: string
  readonly role: Role
  readonly weight: string
  readonly verify: boolean
}

/** Health check, limits and waiting times as typed; empty: the default. */
export interface AdvancedDraft {
  readonly 'health.path': string
  readonly 'health.interval': string
  readonly 'health.timeout': string
  readonly 'health.rise': string
  readonly 'health.fall': string
  readonly 'health.status': string
  readonly 'timeouts.connect': string
  readonly 'timeouts.response': string
  readonly 'timeouts.idle': string
  readonly 'timeouts.tunnel': string
  readonly 'timeouts.drain': string
  readonly maxBody: string
  readonly 'health.body': string
  /** The same for every backend; empty where they differ, which is kept. */
  readonly maxConnections: string
  readonly 'balance.sticky.cookie': string
  readonly 'balance.slowStart': string
  readonly 'retry.attempts': string
  readonly 'maintenance.title': string
  readonly 'maintenance.message': string
  /** This machine's time, without its zone. */
  readonly 'maintenance.until': string
  /** Apart by commas. */
  readonly 'maintenance.allow': string
  readonly 'maintenance.retryAfter': string
}
export type AdvancedField = keyof AdvancedDraft

/** The form: what a person typed, as they typed it. */
export interface ServiceDraft extends AccessDraft {
  readonly name: string
  /** Host names in people's letters; one empty text is any host. */
  readonly hosts: readonly string[]
  /** A port of its own; empty: the common ones. */
  readonly port: string
  /** Listeners that the port field cannot say, kept until a person decides otherwise. */
  readonly keptListeners: readonly string[] | null
  readonly path: string
  readonly backends: readonly BackendDraft[]
  readonly policy: Policy
  readonly healthType: HealthType
  readonly maintenanceMode: MaintenanceMode
  /** Whether nobody is told when it fails. */
  readonly mute: boolean
  readonly stripPath: boolean
  readonly sendHost: 'preserve' | 'backend'
  readonly advanced: AdvancedDraft
}

/** A new service: nothing typed yet but what the link to the form brought along, open to this office network. */
export function emptyDraft(given: { url?: string | undefined; name?: string | undefined } = {}): ServiceDraft {
  return {
    name: given.name ?? '',
    hosts: [''],
    port: '',
    keptListeners: null,
    path: '',
    ...NEW_ACCESS,
    backends: [newBackend([], given.url)],
    policy: 'round-robin',
    healthType: 'auto',
    maintenanceMode: 'auto',
    mute: false,
    stripPath: false,
    sendHost: 'preserve',
    advanced: advancedOf(undefined),
  }
}

/** A row for another backend. The first is the primary one; what is added later most often shares its work. */
export function newBackend(present: readonly BackendDraft[], url = ''): BackendDraft {
  const next = 1 + Math.max(0, ...present.map(({ key }) => Number(key.replace('new-', '')) || 0))
  return { key: `new-${next}`, id: null, url, role: 'primary', weight: '1', verify: true }
}

/** The form of a service that exists. */
export function draftOf(document: ConfigDocument, service: ServiceDocument): ServiceDraft {
  const hosts = (service.hosts ?? []).filter((host) => host !== '*').map(toUnicodeHost)
  return {
    name: service.name ?? service.id,
    hosts: hosts.length > 0 ? hosts : [''],
    ...whereOf(document, service),
    path: service.path === undefined || service.path === '/' ? '' : service.path,
    ...accessDraftOf(service),
    backends: (service.backends ?? []).map(({ id, url, role, weight, tls }) => ({
      key: id, id, url, role: role ?? 'primary', weight: String(weight ?? 1), verify: tls?.verify ?? true,
    })),
    policy: service.balance?.policy ?? 'round-robin',
    healthType: service.health?.type ?? 'auto',
    maintenanceMode: service.maintenance?.mode ?? 'auto',
    mute: service.alerts?.mute ?? false,
    stripPath: service.stripPath ?? false,
    sendHost: service.headers?.host ?? 'preserve',
    advanced: advancedOf(service),
  }
}

function whereOf(document: ConfigDocument, service: ServiceDocument): Pick<ServiceDraft, 'port' | 'keptListeners'> {
  const ids = service.listeners
  if (ids === undefined || sameMembers(ids, commonListeners(document))) return { port: '', keptListeners: null }
  const own = ids.length === 1 ? document.listeners?.find(({ id }) => id === ids[0]) : undefined
  return own ? { port: String(own.port), keptListeners: null } : { port: '', keptListeners: ids }
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item))
}

function advancedOf(service: ServiceDocument | undefined): AdvancedDraft {
  const { health, timeouts, balance, retry, maintenance } = service ?? {}
  const limits = new Set(service?.backends?.map(({ maxConnections }) => maxConnections))
  const [limit] = limits
  return {
    'health.path': health?.path ?? '',
    'health.interval': health?.interval ?? '',
    'health.timeout': health?.timeout ?? '',
    'health.rise': health?.rise === undefined ? '' : String(health.rise),
    'health.fall': health?.fall === undefined ? '' : String(health.fall),
    'health.status': health?.status ?? '',
    'timeouts.connect': timeouts?.connect ?? '',
    'timeouts.response': timeouts?.response ?? '',
    'timeouts.idle': timeouts?.idle ?? '',
    'timeouts.tunnel': timeouts?.tunnel ?? '',
    'timeouts.drain': timeouts?.drain ?? '',
    maxBody: service?.maxBody ?? '',
    'health.body': health?.body ?? '',
    maxConnections: limits.size === 1 && limit !== undefined ? String(limit) : '',
    'balance.sticky.cookie': balance?.sticky?.cookie ?? '',
    'balance.slowStart': balance?.slowStart ?? '',
    'retry.attempts': retry?.attempts === undefined ? '' : String(retry.attempts),
    'maintenance.title': maintenance?.title ?? '',
    'maintenance.message': maintenance?.message ?? '',
    'maintenance.until': maintenance?.until === undefined ? '' : localTime(maintenance.until),
    'maintenance.allow': (maintenance?.allow ?? []).join(', '),
    'maintenance.retryAfter': maintenance?.retryAfter ?? '',
  }
}

/** `2026-11-27 18:00` in this machine's time, as the form takes it back. */
export function localTime(iso: string): string {
  const at = new Date(iso)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16).replace('T', ' ')
}
