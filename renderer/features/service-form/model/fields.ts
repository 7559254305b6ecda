import type { ServiceDraft } from './draft'

/** The name of a place in the form: `name`, `hosts.0`, `port`, `backends.main.url`, `health.interval`, …; `form`: none in particular. */
export type FieldName = string

export interface Problem {
  readonly field: FieldName
  /** Errors keep the form from being saved, warnings do not. */
  readonly level: 'error' | 'warning'
  /** A sentence that says what to do. */
  readonly message: string
}

/** The order of the screen, in which the first error is found. */
const ORDER: readonly string[] = [
  'name',
  'root',
  'hosts',
  'port',
  'path',
  'listeners',
  'to',
  'backends',
  'access',
  'users',
  'rate',
  'policy',
  'balance',
  'retry',
  'maxConnections',
  'health',
  'stripPath',
  'maxBody',
  'timeouts',
  'maintenance',
  'index',
  'fallback',
  'form',
]

export function inOrder(problems: readonly Problem[]): Problem[] {
  const rank = ({ field }: Problem): number => ORDER.indexOf(field.split('.')[0] ?? '')
  return problems.toSorted((a, b) => rank(a) - rank(b))
}

/** Where in the form a place below the service belongs: `backends[1].url` → `backends.<key>.url`. */
export function fieldOf(place: string, draft: ServiceDraft): FieldName {
  if (/^backends\[\d+\]\.maxConnections/.test(place)) return 'maxConnections'
  const backend = /^backends\[(\d+)\](?:\.(?:tls\.)?(\w+))?/.exec(place)
  if (backend) {
    const key = draft.backends[Number(backend[1])]?.key
    const part = backend[2] === 'weight' || backend[2] === 'serverName' ? backend[2] : 'url'
    return key === undefined ? 'backends' : `backends.${key}.${part}`
  }
  const host = /^hosts(?:\[(\d+)\])?/.exec(place)
  // A machine without TLS names has its port to itself.
  if (host && draft.kind === 'machine' && draft.hosts.every((name) => name === '')) return 'port'
  if (host) return `hosts.${rowOfHost(draft, Number(host[1] ?? 0))}`
  if (place === 'id') return 'name'
  if (place.startsWith('listeners')) return 'port'
  if (place.startsWith('index')) return 'index'
  if (place.startsWith('access')) return 'access'
  if (place.startsWith('basicAuth')) return 'users'
  if (place.startsWith('rateLimit')) return 'rate'
  if (
    /^(name|path|root|fallback|to|backends|maxBody|health\.\w+|timeouts\.\w+|retry\.attempts|balance\.slowStart|balance\.sticky\.cookie|maintenance\.\w+)$/.test(
      place,
    )
  )
    return place
  if (place.startsWith('maintenance.allow')) return 'maintenance.allow'
  return 'form'
}

/** The document leaves empty rows out, so its n-th host is the form's n-th that is not empty. */
function rowOfHost(draft: ServiceDraft, at: number): number {
  const rows = draft.hosts.flatMap((host, row) => (host.trim() === '' ? [] : [row]))
  return rows[at] ?? 0
}
