import type { ChaosBackend } from '../backends'
import type { Clock } from '../clock'
import type { Gateway } from '../gateway'
import type { FarNetwork } from '../network'
import type { Saver } from '../saver'
import type { Watch } from '../watch'

/** What a fault can be done to. */
export interface World {
  readonly gateway: Gateway
  readonly near: ChaosBackend
  readonly far: readonly ChaosBackend[]
  readonly network: FarNetwork
  readonly clock: Clock
  readonly saver: Saver
  readonly watch: Watch
  /** No visitors until it is undone; resolves when those under way are through. */
  quiet(quiet: boolean): Promise<void>
}

/** Which visits may be lost: all of them, none, or those of some kinds. */
export type May = 'all' | 'none' | readonly string[]

export interface Fault {
  readonly name: string
  /** What must hold, in words. */
  readonly expects: string
  /** Visits that had begun before it, and those that began between it and the first good answer after it. */
  readonly held: May
  readonly meanwhile: May
  /** Whether the engine is another afterwards. */
  readonly engine: 'same' | 'another' | 'either'
  /** Why it cannot be done here; null where it can. */
  missing?(world: World): string | null
  /** Does it, and undoes what does not mend itself. */
  inject(world: World): Promise<void>
}

/** Visitors of the far backends, and those of them that nobody may send a second time. */
export const FAR_KINDS = ['keep-alive', 'new connection', 'download', 'upload', 'chunked upload', 'WebSocket', 'tcp', 'udp'] as const
export const ONCE_ONLY = ['download', 'upload', 'chunked upload', 'WebSocket', 'tcp', 'udp'] as const
