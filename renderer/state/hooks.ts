import type { Info } from '../../proxy/contract/calls/info'
import type { EngineState, ServiceStatus } from '../../proxy/contract/status'
import type { ControlClient } from '../api/client'
import type { SavedConfig } from './config'
import { type Route, routeStore } from './route'
import { useSession } from './session'
import type { LiveStatus } from './status'
import { useStore } from './store'

/** The client, for calls that no store makes. */
export function useClient(): ControlClient {
  return useSession().client
}

/** The saved configuration; null until the first answer. */
export function useConfig(): SavedConfig | null {
  return useStore(useSession().config)
}

/** A part of the live status; drawn again only when that part is not `same`. */
export function useStatus<S>(select: (live: LiveStatus) => S, same?: (before: S, after: S) => boolean): S {
  return useStore(useSession().status, select, same)
}

/** One service's live status, or null where the gateway does not know it (yet). */
export function useServiceStatus(id: string): ServiceStatus | null {
  return useStatus(({ status }) => status?.services.find((service) => service.id === id) ?? null)
}

/** The engine's state; null until the first answer. */
export function useEngine(): EngineState | null {
  return useStatus(({ status }) => status?.engine ?? null)
}

/** Facts of the host and its machine; null until the first answer. */
export function useInfo(): Info | null {
  return useStore(useSession().info)
}

/** The screen that is shown. */
export function useRoute(): Route {
  return useStore(routeStore)
}
