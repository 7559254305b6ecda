import type { Address } from '../../contract/address'
import type { Backend } from '../backend/backend'
import type { Draw } from '../balance/candidate'
import { POLICIES } from '../balance/policy'
import { readCookie, stickyCookie } from '../http/cookie'
import type { CompiledService } from '../world/snapshot'
import type { FieldLines } from '../http/wire/field-lines'
import type { World } from '../world/world'

/** Whoever looks for a backend: a request, a stream, a session of datagrams. */
export interface Seeker {
  readonly world: World
  readonly service: CompiledService | null
  readonly clientAddress: Address | null
  /** Backends tried and failed. */
  readonly tried: ReadonlySet<Backend>
  backend: Backend | null
  /** Where cookies are read from; null where there are none. */
  readonly head: { readonly lines: FieldLines } | null
  stickyId: string | null
  setCookie: string | null
}

/** What came of looking for a backend. `full`: there are some, and each has as many requests as it may have. */
export type Selection = 'chosen' | 'full' | 'none'

/** Reused for every request: nothing waits between filling it and choosing from it. */
const candidates: Backend[] = []
const draw: { client: Draw['client']; random: Draw['random'] } = { client: null, random: Math.random }

/**
 * Chooses a backend that was not tried yet: the visitor's own, else a usable primary by the service's policy, else the first
 * usable backup. `now` in epoch ms.
 */
export function select(context: Seeker, now: number, random: () => number): Selection {
  const { service } = context
  const all = service === null ? undefined : context.world.backends.get(service.id)
  if (service === null || all === undefined) return 'none'
  const cookie = service.config.balance.sticky?.cookie
  const own = cookie === undefined ? null : ownBackend(context, all, cookie, now)
  const selection = own === null ? selectAny(context, service, all, now, random) : take(context, own)
  if (cookie !== undefined && selection === 'chosen') noteCookie(context, cookie)
  return selection
}

function selectAny(context: Seeker, service: CompiledService, all: readonly Backend[], now: number, random: () => number): Selection {
  // The only one that may be asked is never taken out by its own checks: a false alarm must not close the service.
  const alone = isAlone(all)
  let full = false
  candidates.length = 0
  for (const backend of all) {
    if (backend.config.role !== 'primary' || !takesNew(context, backend, now, alone)) continue
    if (backend.isFull) full = true
    else candidates.push(backend)
  }
  if (candidates.length > 0) return take(context, pick(context, service, now, random))
  if (full) return 'full'
  for (const backend of all) {
    if (backend.config.role !== 'backup' || !takesNew(context, backend, now, alone)) continue
    return backend.isFull ? 'full' : take(context, backend)
  }
  return 'none'
}

function takesNew(context: Seeker, backend: Backend, now: number, alone: boolean): boolean {
  return backend.config.state === 'active' && (alone || backend.health.isUsable(now)) && !context.tried.has(backend)
}

function isAlone(all: readonly Backend[]): boolean {
  let active = 0
  for (const { config } of all) if (config.state === 'active') active += 1
  return active === 1
}

function pick(context: Seeker, { config }: CompiledService, now: number, random: () => number): Backend | undefined {
  if (candidates.length === 1) return candidates[0]
  for (const backend of candidates) backend.warmUp(config.balance.slowStart, now)
  draw.client = context.clientAddress
  draw.random = random
  return POLICIES[config.balance.policy](candidates, draw)
}

function take(context: Seeker, backend: Backend | undefined): Selection {
  if (backend === undefined) return 'none'
  context.backend = backend
  return 'chosen'
}

/** The backend that the visitor's cookie names, as long as it may have it: a draining one until its time is over. */
function ownBackend(context: Seeker, all: readonly Backend[], cookie: string, now: number): Backend | null {
  const id = context.head === null ? null : readCookie(context.head.lines, cookie)
  context.stickyId = id
  const own = id === null ? undefined : all.find((backend) => backend.stickyId === id)
  if (own === undefined || own.isFull || context.tried.has(own) || !own.health.isUsable(now)) return null
  if (own.config.state === 'maintenance') return null
  if (own.config.state === 'draining' && now >= (own.drainUntil(context.service?.config.timeouts.drain ?? 0) ?? 0)) return null
  // Whoever came to a backup goes back with everybody else.
  if (own.config.role === 'backup' && all.some((backend) => backend.config.role === 'primary' && takesNew(context, backend, now, false)))
    return null
  return own
}

function noteCookie(context: Seeker, cookie: string): void {
  const { backend, stickyId } = context
  context.setCookie = backend === null || backend.stickyId === stickyId ? null : stickyCookie(cookie, backend.stickyId)
}
