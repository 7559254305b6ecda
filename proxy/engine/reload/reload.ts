import { parseConfig } from '../../contract/parse'
import type { Issue } from '../../contract/issue'
import type { ListenerStatus } from '../../contract/status'
import type { Interfaces } from '../access/interfaces'
import { Backend, backendKey } from '../backend/backend'
import type { DialOptions } from '../backend/dial'
import { HealthRecord } from '../backend/health-record'
import type { ListenerSet } from '../edge/listener-set'
import type { TimerWheel } from '../time/timer-wheel'
import { compile } from './compile'
import type { Snapshot } from '../world/snapshot'
import type { World } from '../world/world'

export interface ReloadParts {
  readonly listeners: ListenerSet
  readonly interfaces: Interfaces
  readonly dialing: Omit<DialOptions, 'timeout'>
  readonly wheel: TimerWheel
  readonly now: () => number
  readonly world: () => World
  /** Makes a world the present one: from here on new requests see it. */
  readonly swap: (world: World) => void
}

export type ReloadResult = { readonly ok: true; readonly listeners: ListenerStatus[] } | { readonly ok: false; readonly issues: Issue[] }

/**
 * One document becomes the running configuration, or nothing changes: compile aside, open new listeners, swap one
 * reference, retire what is no longer named. What can fail has failed before the swap; a port that cannot be had is no
 * failure of the load but a state of its listener.
 */
export async function reload(revision: string, document: unknown, hidden: readonly string[], parts: ReloadParts): Promise<ReloadResult> {
  const parsed = parseConfig(document)
  if (!parsed.ok) return { ok: false, issues: [...parsed.issues] }
  const snapshot = compile(revision, parsed.config, parts.interfaces, hidden)
  const { world, retired } = furnish(snapshot, parts)
  await parts.listeners.open(snapshot.listeners, snapshot.settings.limits.headerBytes)
  parts.swap(world)
  parts.listeners.settle(snapshot.listeners, snapshot.settings.limits.headerBytes)
  for (const backend of retired) backend.retire()
  await parts.listeners.explained()
  return { ok: true, listeners: parts.listeners.status() }
}

/** The snapshot with its backends: known ones keep health, counters and connections, whatever else changed. */
function furnish(snapshot: Snapshot, { world, dialing, wheel, now }: ReloadParts): { world: World; retired: Backend[] } {
  const known = new Map([...world().backends.values()].flat().map((backend) => [backend.key, backend]))
  const backends = new Map(
    [...snapshot.services.values()].map(
      ({ id, config }) =>
        [
          id,
          config.backends.map((entry) => {
            const backend = known.get(backendKey(id, entry))
            const kept = backend ?? new Backend(id, entry, config.timeouts.connect, new HealthRecord(now()), dialing, wheel)
            if (backend !== undefined) {
              known.delete(backend.key)
              backend.update(entry, config.timeouts.connect)
            }
            noteDrain(kept, now())
            return kept
          }),
        ] as const,
    ),
  )
  return { world: { snapshot, backends }, retired: [...known.values()] }
}

/** A drain begins when a document first asks for it, and ends with any other state. */
function noteDrain(backend: Backend, now: number): void {
  if (backend.config.state !== 'draining') {
    backend.drainSince = null
    backend.drained = false
  } else backend.drainSince ??= now
}
