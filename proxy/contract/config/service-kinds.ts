import type { z } from 'zod'
import { parseBackendUrl } from '../backend-url'
import type { Issue } from '../issue'

/** What can be exposed. */
export const SERVICE_TYPES = ['http', 'files', 'redirect', 'tcp', 'udp'] as const
export type ServiceType = (typeof SERVICE_TYPES)[number]

/** What a listener speaks, and which services it can carry. */
export const PROTOCOL_OF: Readonly<Record<ServiceType, 'http' | 'tcp' | 'udp'>> = {
  http: 'http',
  files: 'http',
  redirect: 'http',
  tcp: 'tcp',
  udp: 'udp',
}

/** Whether it is a port of a machine, whose bytes are passed on as they come. */
export function isMachineType(type: ServiceType): type is 'tcp' | 'udp' {
  return type === 'tcp' || type === 'udp'
}

const NAMES: Readonly<Record<ServiceType, string>> = {
  http: 'an http service',
  files: 'a files service',
  redirect: 'a redirect',
  tcp: 'a tcp service',
  udp: 'a udp service',
}
const COMMON = ['id', 'name', 'type', 'enabled', 'listeners', 'access', 'alerts', 'rateLimit']
const WEB = [...COMMON, 'hosts', 'path', 'stripPath', 'basicAuth']
const BALANCED = [...COMMON, 'backends', 'balance', 'health', 'retry', 'timeouts']

/** The keys that mean something for each type: any other would be a promise that is not kept. */
const KEYS: Readonly<Record<ServiceType, ReadonlySet<string>>> = {
  http: new Set([...WEB, ...BALANCED, 'slashRedirect', 'queue', 'maintenance', 'maxBody', 'headers', 'lockdown', 'https']),
  files: new Set([
    ...WEB,
    'root',
    'listing',
    'index',
    'fallback',
    'precompressed',
    'dotFiles',
    'headers',
    'maintenance',
    'timeouts',
    'https',
  ]),
  redirect: new Set([...WEB, 'to', 'status', 'keepPath', 'https']),
  tcp: new Set([...BALANCED, 'hosts', 'lockdown']),
  udp: new Set([...BALANCED, 'lockdown']),
}

/** Within a key that fits: what does not. */
const NOT_WITHIN: Readonly<Partial<Record<ServiceType, readonly string[]>>> = {
  files: ['headers.request', 'headers.host'],
  tcp: ['balance.sticky', 'health.path', 'health.body', 'health.status', 'lockdown.secretHeader', 'access.satisfy', 'access.onDeny'],
  udp: [
    'balance.sticky',
    'health.path',
    'health.body',
    'health.status',
    'health.expect',
    'access.satisfy',
    'access.onDeny',
    'lockdown.secretHeader',
    'lockdown.proxyProtocol',
  ],
}

const SCHEMES: Readonly<Record<ServiceType, readonly string[]>> = {
  http: ['http', 'https'],
  files: [],
  redirect: [],
  tcp: ['tcp'],
  udp: ['udp'],
}

interface Kinded {
  readonly type: ServiceType
  readonly root?: string | undefined
  readonly to?: string | undefined
  readonly health: { readonly type?: string | undefined }
  readonly backends: readonly { readonly url: string; readonly role: string; readonly id: string; readonly replaces?: string | undefined }[]
}

/** What a service of its type has to have. */
export function requireForType(service: Kinded, context: z.RefinementCtx): void {
  const issue = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message })
  const { type, backends } = service
  if (type === 'files' && service.root === undefined) issue(['root'], 'name the folder to host, such as /srv/manuals')
  if (type === 'redirect' && service.to === undefined) issue(['to'], 'say where to, such as https://wiki.office.lan')
  if (SCHEMES[type].length === 0) return
  if (type !== 'http' && service.health.type === 'http')
    issue(
      ['health', 'type'],
      `${NAMES[type]} answers no http check; use ${type === 'tcp' ? '"tcp"' : '"tcp" where the machine has that port, too,'} or "off"`,
    )
  if (backends.length === 0) issue(['backends'], 'add at least one backend')
  else if (!backends.some(({ role }) => role === 'primary')) issue(['backends'], 'make one backend primary')
  for (const [index, { url, replaces, id }] of backends.entries()) {
    if (replaces === id) issue(['backends', index, 'replaces'], 'a backend cannot take its own place')
    const parsed = parseBackendUrl(url)
    // What is no address at all has been told so already.
    if (typeof parsed !== 'string' && !SCHEMES[type].includes(parsed.scheme))
      issue(['backends', index, 'url'], `a backend of ${NAMES[type]} begins with ${SCHEMES[type].map((name) => `${name}://`).join(' or ')}`)
  }
}

/** Keys of a document's services that mean nothing for their type. `services` has been parsed. */
export function misfits(services: readonly Readonly<Record<string, unknown>>[]): Issue[] {
  return services.flatMap((service, index) => {
    const type = SERVICE_TYPES.find((known) => known === service['type']) ?? 'http'
    const wrong = Object.keys(service).filter((key) => service[key] !== undefined && !KEYS[type].has(key))
    const within = (NOT_WITHIN[type] ?? []).filter((place) => isSet(service, place.split('.')))
    return [...wrong, ...within].map((place) => ({
      path: `services[${index}].${place}`,
      message: `${NAMES[type]} has no “${place}”; remove it`,
    }))
  })
}

function isSet(value: unknown, [first, ...rest]: readonly string[]): boolean {
  if (first === undefined) return value !== undefined
  return typeof value === 'object' && value !== null && isSet(Reflect.get(value, first), rest)
}
