import { parseAddress } from './address'
import { parseBackendUrl } from './backend-url'
import type { Config } from './config/document'
import type { Listener } from './config/listener'
import { parseTarget } from './config/redirect'
import type { Service } from './config/service'
import { PROTOCOL_OF } from './config/service-kinds'
import type { Issue } from './issue'
import { atOnce, type Steps } from './steps'

/** What of the machine the rules need to know; left out where it is not known (`astrorelay check` on another machine). */
export interface Surroundings {
  /** Addresses of this machine's own interfaces. */
  readonly ownAddresses: readonly string[]
  /** Names that lead to this machine besides `localhost`, in small letters. */
  readonly ownNames?: readonly string[]
  /** The port of the console, which must not be exposed through the gateway. */
  readonly consolePort?: number
}

/** The rules across objects: unique ids, known references, no two owners of one address, no loop. */
export function checkConfig(config: Config, surroundings?: Surroundings): Issue[] {
  return atOnce(configChecks(config, surroundings))
}

/** The same as work in steps. */
export function* configChecks(config: Config, surroundings: Surroundings = { ownAddresses: [] }): Steps<Issue[]> {
  const issues: Issue[] = []
  for (const check of [uniqueIds, sharedPorts, danglingReferences, takenAddresses, loops, circles]) {
    issues.push(...check(config, surroundings))
    yield
  }
  return issues
}

function uniqueIds(config: Config): Issue[] {
  return [
    ...repeated(config.listeners, 'listeners'),
    ...repeated(config.services, 'services'),
    ...repeated(config.accessLists, 'accessLists'),
    ...config.services.flatMap((service, index) => repeated(service.backends, `services[${index}].backends`)),
  ]
}

function repeated(items: readonly { readonly id: string }[], path: string): Issue[] {
  const first = new Map<string, number>()
  const issues: Issue[] = []
  for (const [index, { id }] of items.entries()) {
    const earlier = first.get(id)
    if (earlier === undefined) first.set(id, index)
    else issues.push({ path: `${path}[${index}].id`, message: `the id “${id}” is already used by ${path}[${earlier}]; choose another` })
  }
  return issues
}

function sharedPorts({ listeners }: Config): Issue[] {
  return listeners.flatMap((listener, index) => {
    const other = listeners
      .slice(0, index)
      .find(
        (earlier) =>
          earlier.port === listener.port &&
          transportOf(earlier) === transportOf(listener) &&
          bindsOverlap(earlier.address, listener.address),
      )
    return other
      ? [{ path: `listeners[${index}].port`, message: `listener “${other.id}” already uses port ${listener.port}; choose another port` }]
      : []
  })
}

/** A port of TCP and one of UDP are two. */
function transportOf({ protocol }: Listener): 'tcp' | 'udp' {
  return protocol === 'udp' ? 'udp' : 'tcp'
}

/** `::` takes IPv4 too (the sockets are dual-stack), `0.0.0.0` all of IPv4. */
function bindsOverlap(a: string, b: string): boolean {
  if (isSameAddress(a, b) || isSameAddress(a, '::') || isSameAddress(b, '::')) return true
  return (a === '0.0.0.0' && isIpv4(b)) || (b === '0.0.0.0' && isIpv4(a))
}

/** One address has many spellings: `::1` is `0:0:0:0:0:0:0:1`. */
function isSameAddress(a: string, b: string): boolean {
  const [left, right] = [parseAddress(a), parseAddress(b)]
  return left !== null && right !== null && left.family === right.family && left.value === right.value
}

function isIpv4(text: string): boolean {
  return parseAddress(text)?.family === 4
}

function danglingReferences(config: Config): Issue[] {
  const listeners = new Map(config.listeners.map((listener) => [listener.id, listener]))
  const lists = new Set(config.accessLists.map(({ id }) => id))
  return config.services.flatMap((service, index) => [
    ...(service.listeners ?? []).flatMap((id, at) => {
      const problem = unfit(listeners.get(id), id, service)
      return problem === null ? [] : [{ path: `services[${index}].listeners[${at}]`, message: problem }]
    }),
    ...service.access.rules.flatMap((rule, at) =>
      rule.list === undefined || lists.has(rule.list)
        ? []
        : [{ path: `services[${index}].access.rules[${at}].list`, message: `there is no access list “${rule.list}”` }],
    ),
  ])
}

function unfit(listener: Listener | undefined, id: string, { type }: Service): string | null {
  if (listener === undefined) return `there is no listener “${id}”`
  const wanted = PROTOCOL_OF[type]
  return listener.protocol === wanted
    ? null
    : `listener “${id}” speaks ${listener.protocol}; a ${type} service needs one whose protocol is “${wanted}”`
}

/** Two services must not claim the same host and path on one listener; switched-off ones count, or switching on would fail. */
function takenAddresses(config: Config): Issue[] {
  const owners = new Map<string, Service>()
  const issues: Issue[] = []
  for (const [index, service] of config.services.entries()) {
    const taken = new Set<string>()
    const fitting = config.listeners.filter(({ protocol }) => protocol === PROTOCOL_OF[service.type])
    for (const listener of service.listeners ?? fitting.map(({ id }) => id)) {
      for (const [at, host] of service.hosts.entries()) {
        const key = `${listener} ${host} ${service.path}`
        const owner = owners.get(key)
        if (owner === undefined) owners.set(key, service)
        else if (owner !== service && !taken.has(host)) {
          taken.add(host)
          issues.push(
            service.type === 'udp'
              ? {
                  path: `services[${index}].listeners`,
                  message: `“${owner.name ?? owner.id}” already has this port; give the service a listener of its own`,
                }
              : { path: `services[${index}].hosts[${at}]`, message: takenMessage(owner, host, service.path) },
          )
        }
      }
    }
  }
  return issues
}

function takenMessage(owner: Service, host: string, path: string): string {
  const where = host === '*' ? 'any host' : host
  if (owner.type === 'tcp')
    return host === '*'
      ? `“${owner.name ?? owner.id}” already has this port; use another port, or give both TLS names`
      : `“${owner.name ?? owner.id}” already answers ${host} on this port; choose another name or port`
  return `“${owner.name ?? owner.id}” already answers ${where}${path === '/' ? '' : path} on this listener; choose another name, add a path, or use a port of its own`
}

function loops(config: Config, surroundings: Surroundings): Issue[] {
  return config.services.flatMap((service, index) =>
    service.backends.flatMap((backend, at) => {
      const url = parseBackendUrl(backend.url)
      if (typeof url === 'string' || !isOwnHost(url.host, surroundings)) return []
      const path = `services[${index}].backends[${at}].url`
      if (url.port === surroundings.consolePort && url.scheme !== 'udp')
        return [
          {
            path,
            message: 'this is AstroRelay’s own console, which stays on this machine; enter the address of the program you want to share',
          },
        ]
      const own = config.listeners.find(
        (listener) =>
          listener.port === url.port && (listener.protocol === 'udp') === (url.scheme === 'udp') && reaches(url.host, listener.address),
      )
      return own
        ? [{ path, message: `this points back to AstroRelay itself (listener “${own.id}”); enter the address of the program behind it` }]
        : []
    }),
  )
}

/** A redirect that leads back to itself would send visitors round for ever. */
function circles(config: Config): Issue[] {
  return config.services.flatMap(({ type, to, hosts, path, listeners }, index) => {
    const target = type === 'redirect' && to !== undefined ? parseTarget(to) : null
    if (target === null || target.secure) return []
    const own = config.listeners.some(
      ({ id, port, protocol }) =>
        port === target.port && protocol === PROTOCOL_OF[type] && (listeners === undefined || listeners.includes(id)),
    )
    const within = path === '/' || target.path === path || target.path.startsWith(`${path}/`)
    return own && within && hosts.includes(target.host)
      ? [{ path: `services[${index}].to`, message: 'this leads back to the same address; send visitors to another one' }]
      : []
  })
}

function isOwnHost(host: string, { ownAddresses, ownNames = [] }: Surroundings): boolean {
  return (
    LOOPBACK_NAMES.test(host) || ownNames.includes(host) || isLoopbackOrAny(host) || ownAddresses.some((own) => isSameAddress(own, host))
  )
}

/** `localhost` (RFC 6761 §6.3), and the names that Debian's /etc/hosts gives ::1. */
const LOOPBACK_NAMES = /^(?:.*\.)?localhost$|^ip6-(?:localhost|loopback)$/

function isLoopbackOrAny(host: string): boolean {
  const address = parseAddress(host)
  if (!address) return false
  if (address.family === 6) return address.value <= 1n
  return address.value === 0n || address.value >> 24n === 127n
}

/** Whether a connection to `host` on this machine ends at a socket bound to `bound`. */
function reaches(host: string, bound: string): boolean {
  if (isSameAddress(bound, '::') || isSameAddress(host, bound)) return true
  const family = parseAddress(host)?.family
  if (family === undefined) return bound === '0.0.0.0' || isLoopbackOrAny(bound)
  if (isUnspecified(host)) return isLoopbackOrAny(bound)
  return bound === '0.0.0.0' && family === 4
}

function isUnspecified(host: string): boolean {
  return parseAddress(host)?.value === 0n
}
