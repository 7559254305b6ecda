import { elapsed, wallTime } from '../contract/clock'
import type { HealthEvent } from '../contract/events'
import type { ListenerStatus } from '../contract/status'
import type { BackendState } from './backend/backend-state'
import { backendStatus, serviceVerdict, sourceVerdict } from './engine-status'
import type { FolderWatch } from './files/folder-watch'
import type { World } from './world/world'

export interface HealthNewsParts {
  readonly world: () => World
  readonly listeners: () => ListenerStatus[]
  readonly emit: (event: HealthEvent) => void
}

/** A backend's health has changed, and with it its service's. One that the present world does not name is nobody's news. */
export function tellBackend(live: BackendState, { world, listeners, emit }: HealthNewsParts): void {
  const { snapshot, backends: all } = world()
  const service = snapshot.services.get(live.service)
  const backends = all.get(live.service) ?? []
  const backend = backends.find((one) => one.live === live)
  if (service === undefined || backend === undefined) return
  const now = elapsed()
  const verdict = serviceVerdict(service, backends, listeners(), now)
  emit({ at: wallTime(), service: service.id, ...verdict, backend: backendStatus(backend, service, now) })
}

/** A hosted folder can be read, or cannot any more. */
export function tellFolder(id: string, folders: FolderWatch, { world, listeners, emit }: HealthNewsParts): void {
  const service = world().snapshot.services.get(id)
  if (service !== undefined) emit({ at: wallTime(), service: id, ...sourceVerdict(service, listeners(), folders), backend: null })
}
