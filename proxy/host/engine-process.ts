import type { Transport } from '../contract/rpc/transport'

/** More threads than Node has by itself: a hosted folder on a share that hangs must not keep names from being resolved (`engine/files/look-ups.ts`). */
export const ENGINE_ENVIRONMENT = { UV_THREADPOOL_SIZE: '16' }

/** How an engine's process came to its end: by itself, by a fault of its own, by somebody else's hand, or before it began. */
export type EngineEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'crashed' | 'killed'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'out-of-memory'; readonly code: number | null }
  | { readonly kind: 'not-started'; readonly reason: string }

/** An engine that was started: a forked Node process head-less, a utility process in the desktop. */
export interface EngineProcess {
  readonly pid: number | undefined
  readonly transport: Transport
  /** Ends it at once. */
  kill(): void
  /** Hears its end, once. */
  onExit(listener: (end: EngineEnd) => void): void
}

/** Starts an engine; calls and events go over its transport. */
export type SpawnEngine = () => EngineProcess
