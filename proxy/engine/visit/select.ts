import type { Backend } from '../backend/backend'
import type { Draw } from '../balance/candidate'
import { POLICIES } from '../balance/policy'
import { readCookie, stickyCookie } from '../http/cookie'
import type { FieldLines } from '../http/wire/field-lines'
import type { CompiledService } from '../world/snapshot'
import type { World } from '../world/world'
import type { Visit } from './visit'

/** What came of looking for a backend. `full`: there are some, and each has as many requests as it may have. */
export type Selection = 'chosen' | 'full' | 'none'

/** What a choice hangs on besides the visit. */
export interface Surroundings {
  /** The world of now, which may have followed the visit's own. */
  readonly world: () => World
  readonly random: () => number
}

/** Reused for every request: nothing waits between filling it and choosing from it. */
const candidates: Backend[] = []
const draw: { client: Draw['client']; random: Draw['random'] } = { client: null, random: Math.random }

/**
 * Chooses a backend that was not tried yet: the one the client's connection or cookie leads to, else a usable primary by the
 * service's policy, else the first usable backup. `lines`: where a cookie may be; null: nowhere. `now` of `elapsed`.
 */
export function select(visit: Visit, lines: FieldLines | null, { world, random }: Surroundings, now: number): Selection {
  const { service } = visit
  if (service === null) return 'none'
  const all = backendsNow(service, visit.world, world())
  const kept = visit.keptOn === null || visit.keptFor !== visit.client ? null : stillKept(visit, service, all, now)
  if (kept !== null) return take(visit, kept)
  const cookie = service.ownCookies?.name ?? null
  const own = cookie === null ? null : ownBackend(visit, service, lines, all, cookie, now)
  const selection = own === null ? selectAny(visit, service, all, now, random) : take(visit, own)
  if (cookie !== null && selection === 'chosen') noteCookie(visit, cookie)
  return selection
}

/** Whether there is a backend that could be tried besides those that were. `now` of `elapsed`. */
export function hasOthers({ service, world, tried }: Visit, present: World, now: number): boolean {
  if (service === null) return false
  return backendsNow(service, world, present).some(
    ({ config, live }) => config.state === 'active' && live.health.isUsable(now) && !tried.has(live),
  )
}

/**
 * A visit keeps the rules it began with, but one that waits, or tries again, must find who is there now: nothing new may go
 * to a backend that was taken out meanwhile, and one that came back has room. Of a service that is gone, those it had.
 */
function backendsNow({ id }: CompiledService, own: World, present: World): readonly Backend[] {
  return present.backends.get(id) ?? own.backends.get(id) ?? []
}

function selectAny(visit: Visit, service: CompiledService, all: readonly Backend[], now: number, random: () => number): Selection {
  // The only one that may be asked is never taken out by its own checks: a false alarm must not close the service.
  const alone = isAlone(all)
  let full = false
  candidates.length = 0
  for (const backend of all) {
    if (backend.config.role !== 'primary' || !takesNew(visit, backend, now, alone)) continue
    if (backend.isFull) full = true
    else candidates.push(backend)
  }
  if (candidates.length > 0) return take(visit, pick(visit, service, now, random))
  if (full) return 'full'
  for (const backend of all) {
    if (backend.config.role !== 'backup' || !takesNew(visit, backend, now, alone)) continue
    return backend.isFull ? 'full' : take(visit, backend)
  }
  return 'none'
}

function takesNew({ tried }: Visit, { config, live }: Backend, now: number, alone: boolean): boolean {
  return config.state === 'active' && (alone || live.health.isUsable(now)) && !tried.has(live)
}

function isAlone(all: readonly Backend[]): boolean {
  let active = 0
  for (const { config } of all) if (config.state === 'active') active += 1
  return active === 1
}

function pick(visit: Visit, { config }: CompiledService, now: number, random: () => number): Backend | undefined {
  if (candidates.length === 1) return candidates[0]
  for (const backend of candidates) backend.warmUp(config.balance.slowStart, now)
  draw.client = visit.clientAddress
  draw.random = random
  return POLICIES[config.balance.policy](candidates, draw)
}

function take(visit: Visit, backend: Backend | undefined): Selection {
  if (backend === undefined) return 'none'
  visit.backend = backend
  return 'chosen'
}

/** The backend that knows the client by its connection, as long as it may have its visitors: see `mayKeep`. */
function stillKept(visit: Visit, service: CompiledService, all: readonly Backend[], now: number): Backend | null {
  const kept = all.find(({ live }) => live === visit.keptOn)
  return kept !== undefined && mayKeep(visit, service, kept, now) ? kept : null
}

/** Whether a visitor may go on on its backend: on a draining one until its time is over. */
function mayKeep({ tried }: Visit, { config }: CompiledService, backend: Backend, now: number): boolean {
  const { live, isFull } = backend
  if (isFull || tried.has(live) || !live.health.isUsable(now) || backend.config.state === 'maintenance') return false
  return backend.config.state === 'active' || now < (backend.drainUntil(config.timeouts.drain) ?? 0)
}

/** The backend that the visitor's cookie names, as long as it may have it. */
function ownBackend(
  visit: Visit,
  service: CompiledService,
  lines: FieldLines | null,
  all: readonly Backend[],
  cookie: string,
  now: number,
): Backend | null {
  if (lines === null) return null
  const own = namedBackend(lines, cookie, all) ?? formerlyNamed(lines, service, all)
  visit.stickyId = own?.stickyId ?? null
  if (own === undefined || !mayKeep(visit, service, own, now)) return null
  // Whoever came to a backup goes back with everybody else.
  if (own.config.role === 'backup' && all.some((backend) => backend.config.role === 'primary' && takesNew(visit, backend, now, false)))
    return null
  return own
}

function namedBackend(lines: FieldLines, cookie: string, all: readonly Backend[]): Backend | undefined {
  const id = readCookie(lines, cookie)
  return id === null ? undefined : all.find((backend) => backend.stickyId === id)
}

function formerlyNamed(lines: FieldLines, { ownCookies }: CompiledService, all: readonly Backend[]): Backend | undefined {
  for (const cookie of ownCookies?.formerly ?? []) {
    const backend = namedBackend(lines, cookie, all)
    if (backend !== undefined) return backend
  }
  return undefined
}

function noteCookie(visit: Visit, cookie: string): void {
  const { backend, stickyId } = visit
  visit.setCookie = backend === null || backend.stickyId === stickyId ? null : stickyCookie(cookie, backend.stickyId)
}
