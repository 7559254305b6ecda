import { parseRange } from '../../contract/address'
import type { Config } from '../../contract/config/document'
import type { Service } from '../../contract/config/service'
import { PROTOCOL_OF } from '../../contract/config/service-kinds'
import type { Steps } from '../../contract/steps'
import { compileAccess } from '../access/compile-access'
import { compileBlocked } from '../access/compile-blocked'
import type { Interfaces } from '../access/interfaces'
import { rangeSet } from '../access/range-set'
import type { AccessSurroundings } from '../access/rule-set'
import type { OwnCookies } from '../http/cookie'
import { compileHeaderRules } from '../http/header-rules'
import { variableOf } from '../http/wire/field-kind'
import { compileOwnCookies } from './own-cookies'
import { decodeSegments } from '../route/request-path'
import { compileRouter, type Route, type Router } from '../route/router'
import type { CompiledService, Snapshot } from '../world/snapshot'

/** Compiles a valid configuration. Pure: it opens, resolves and reads nothing. `hidden`: places that are hosted for nobody. */
export function* compile(revision: string, config: Config, interfaces: Interfaces, hidden: readonly string[]): Steps<Snapshot> {
  const cookiesOf = compileOwnCookies(config.services)
  const surroundings = { interfaces, vpnInterfaces: config.settings.vpnInterfaces }
  const services = new Map<string, CompiledService>()
  for (const service of config.services) {
    services.set(service.id, yield* compileService(service, config, surroundings, cookiesOf(service)))
    yield
  }
  const blocked = yield* compileBlocked(config.blocked, surroundings)
  return {
    revision,
    config,
    hidden,
    settings: config.settings,
    listeners: config.listeners,
    services,
    routers: yield* compileRouters(
      config.listeners.map(({ id }) => id),
      services,
    ),
    trustedProxies: rangeSet(config.settings.trustedProxies.flatMap((text) => parseRange(text) ?? [])),
    blocked,
    timed: blocked.timed || [...services.values()].some(({ access }) => access.timed),
  }
}

function* compileService(
  service: Service,
  config: Config,
  surroundings: AccessSurroundings,
  ownCookies: OwnCookies | null,
): Steps<CompiledService> {
  const seesThrough = { rules: service.maintenance.allow.map((from) => ({ action: 'allow' as const, from })), default: 'deny' as const }
  return {
    id: service.id,
    name: service.name ?? service.id,
    config: service,
    listeners: service.listeners ?? config.listeners.filter(({ protocol }) => protocol === PROTOCOL_OF[service.type]).map(({ id }) => id),
    access: yield* compileAccess(service.access, config.accessLists, surroundings),
    users: new Map(service.basicAuth?.users.map((user) => [user.name, user])),
    seesThrough: yield* compileAccess(seesThrough, [], surroundings),
    strippedSegments: (service.stripPath || service.type === 'files') && service.path !== '/' ? service.path.split('/').length - 1 : 0,
    ownCookies,
    requestRules: compileHeaderRules(withSecret(service)),
    answerRules: compileHeaderRules(service.headers.response),
  }
}

/** The secret header goes to backends as one more that is set; under that name, however it is spelt, nothing of a client's does. */
function withSecret({ headers: { request }, lockdown: { secretHeader } }: Service): Service['headers']['request'] {
  if (secretHeader === undefined) return request
  const { name, value } = secretHeader
  const others = Object.entries(request.set).filter(([other]) => variableOf(other) !== variableOf(name))
  return { ...request, set: { ...Object.fromEntries(others), [name]: value } }
}

function* compileRouters(
  listeners: readonly string[],
  services: ReadonlyMap<string, CompiledService>,
): Steps<ReadonlyMap<string, Router<CompiledService>>> {
  const routes = new Map<string, Route<CompiledService>[]>(listeners.map((id) => [id, []]))
  for (const service of services.values()) {
    if (!service.config.enabled) continue
    const path = decodeSegments(service.config.path)
    for (const listener of service.listeners) {
      for (const host of service.config.hosts) routes.get(listener)?.push({ host, path, target: service })
    }
    yield
  }
  const routers = new Map<string, Router<CompiledService>>()
  for (const [id, list] of routes) {
    routers.set(id, compileRouter(list))
    yield
  }
  return routers
}
