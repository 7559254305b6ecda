import type { Tick } from '../contract/events'
import type { ListenerStatus } from '../contract/status'
import type { BackendState } from './backend/backend-state'
import { meanLatency, verdictOf } from './engine-status'
import type { FolderWatch } from './files/folder-watch'
import type { World } from './world/world'

/** What was told last of a backend; a new one begins with nothing. */
type Told = Pick<BackendState, 'inFlight' | 'tunnels' | 'requests' | 'failed' | 'latency'> & {
  check: BackendState['health']['lastCheck']
}

const NOTHING: Told = { inFlight: 0, tunnels: 0, requests: 0, failed: 0, latency: null, check: null }

/** What a second has changed beside traffic, so that nobody has to ask for the whole status to see it. */
export class EngineNews {
  private readonly told = new WeakMap<BackendState, Told>()
  private connections = new Map<string, number>()
  /** Listeners that opened or failed since the last second. */
  private readonly turned = new Set<string>()

  listenerChanged(id: string): void {
    this.turned.add(id)
  }

  /** Tells each change once. `now` of `elapsed`. */
  gather(world: World, listeners: readonly ListenerStatus[], folders: FolderWatch, now: number): Omit<Tick, 'at' | 'services'> {
    const backends = this.movedBackends(world)
    const moved = listeners.filter(({ id, connections }) => (this.connections.get(id) ?? 0) !== connections)
    if (moved.length > 0) this.connections = new Map(listeners.map(({ id, connections }) => [id, connections]))
    const verdicts = this.turned.size === 0 ? [] : this.verdicts(world, listeners, folders, now)
    this.turned.clear()
    return {
      connections: listeners.reduce((sum, { connections }) => sum + connections, 0),
      ...(backends.length === 0 ? {} : { backends }),
      ...(moved.length === 0 ? {} : { listeners: moved.map(({ id, connections }) => ({ id, connections })) }),
      ...(verdicts.length === 0 ? {} : { verdicts }),
    }
  }

  /** A thousand backends that rest cost a thousand comparisons and nothing else. */
  private movedBackends(world: World): NonNullable<Tick['backends']> {
    const moved: NonNullable<Tick['backends']> = []
    for (const [service, backends] of world.backends)
      for (const { live } of backends) {
        if (isAsTold(live, this.told.get(live) ?? NOTHING)) continue
        const { id, inFlight, tunnels, requests, failed, latency, health } = live
        this.told.set(live, { inFlight, tunnels, requests, failed, latency, check: health.lastCheck })
        moved.push({ service, id, lastCheck: health.lastCheck, inFlight, tunnels, requests, failed, latency: meanLatency(latency) })
      }
    return moved
  }

  private verdicts(world: World, listeners: readonly ListenerStatus[], folders: FolderWatch, now: number): NonNullable<Tick['verdicts']> {
    return [...world.snapshot.services.values()]
      .filter((service) => service.listeners.some((id) => this.turned.has(id)))
      .map((service) => ({ id: service.id, ...verdictOf(service, world.backends.get(service.id) ?? [], listeners, folders, now) }))
  }
}

function isAsTold({ inFlight, tunnels, requests, failed, latency, health }: BackendState, told: Told): boolean {
  return (
    requests === told.requests &&
    inFlight === told.inFlight &&
    health.lastCheck === told.check &&
    failed === told.failed &&
    tunnels === told.tunnels &&
    latency === told.latency
  )
}
