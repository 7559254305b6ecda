import type { ServiceDocument } from '../../../../proxy/contract/config/service'

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

/** Where in the document a field's key is. */
export function documentPlace(field: AdvancedField): string {
  return field === 'maxConnections' ? 'services.backends.maxConnections' : `services.${field}`
}

export function advancedDraftOf(service: ServiceDocument | undefined): AdvancedDraft {
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
