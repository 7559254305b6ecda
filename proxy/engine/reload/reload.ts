import type { Moment } from '../../contract/clock'
import { configParsing } from '../../contract/parse'
import type { Issue } from '../../contract/issue'
import type { ListenerStatus } from '../../contract/status'
import { inSlices } from '../../system/slices'
import type { Interfaces } from '../access/interfaces'
import type { Dialer } from '../../outbound/dialer'
import { Backend } from '../backend/backend'
import { backendKey, BackendState } from '../backend/backend-state'
import { HealthRecord } from '../backend/health-record'
import type { ListenerSet } from '../edge/listener-set'
import type { TimerWheel } from '../time/timer-wheel'
import { compile } from './compile'
import type { Snapshot } from '../world/snapshot'
import type { World } from '../world/world'

export interface ReloadParts {
  readonly listeners: Pick<ListenerSet, 'open' | 'settle' | 'explained' | 'status'>
  readonly interfaces: Interfaces
  readonly dialer: Dialer
  readonly wheel: TimerWheel
  readonly world: () => World
  /** Makes a world the present one, in one turn: from here on new requests see it, listeners follow it by `settle`, and what runs is judged by it. */
  readonly swap: (world: World, settle: () => void) => void
}

export type ReloadResult = { readonly ok: true; readonly listeners: ListenerStatus[] } | { readonly ok: false; readonly issues: Issue[] }

/**
 * One document becomes the running configuration, or nothing changes: compile aside, open new listeners, swap one
 * reference, retire what is no longer named. What can fail has failed before the swap; a port that cannot be had is no
 * failure of the load but a state of its listener.
 */
export async function reload(revision: string, document: unknown, hidden: readonly string[], parts: ReloadParts): Promise<ReloadResult> {
  const parsed = await inSlices(configParsing(document))
  if (!parsed.ok) return { ok: false, issues: [...parsed.issues] }
  const snapshot = await inSlices(compile(revision, parsed.config, parts.interfaces, hidden))
  const world = furnish(snapshot, parts)
  await parts.listeners.open(snapshot.listeners, snapshot.settings.limits.headerBytes)
  parts.swap(world, () => parts.listeners.settle(snapshot.listeners, snapshot.settings.limits.headerBytes))
  await parts.listeners.explained()
  return { ok: true, listeners: parts.listeners.status() }
}

/** The snapshot with its backends: what is known of those that it names goes on, untouched until it is the present one. */
function furnish(snapshot: Snapshot, { world, dialer, wheel }: ReloadParts): World {
  const known = statesOf(world())
  const backends = new Map(
    [...snapshot.services.values()].map(({ id, config }) => [
      id,
      config.backends.map((entry) => {
        const live = known.get(backendKey(id, entry)) ?? new BackendState(id, entry, new HealthRecord(), dialer, wheel)
        return new Backend(config, entry, live)
      }),
    ]),
  )
  return { snapshot, backends }
}

/** The new world is the present one: states follow it, and those that it does not name end. */
export function adopt(before: World, present: World, now: Moment): void {
  const known = statesOf(before)
  const { answerHeaderBytes } = present.snapshot.settings.limits
  for (const backend of [...present.backends.values()].flat()) {
    known.delete(backend.key)
    backend.live.adopt(backend.config.state, backend.speaker.target, answerHeaderBytes, now)
  }
  for (const live of known.values()) live.retire()
}

function statesOf({ backends }: World): Map<string, BackendState> {
  return new Map([...backends.values()].flat().map(({ live }) => [live.key, live]))
}
