import type { Transport } from '../contract/rpc/transport'

/** More threads than Node has by itself: a hosted folder on a share that hangs must not keep names from being resolved (`engine/files/look-ups.ts`). */
export const ENGINE_ENVIRONMENT = { UV_THREADPOOL_SIZE: '16' }

/** An engine that was started: a forked Node process head-less, a utility process in the desktop. */
export interface EngineProcess {
  readonly pid: number | undefined
  readonly transport: Transport
  /** Ends it at once. */
  kill(): void
  /** Hears its end, once; `code` is null where a signal ended it. */
  onExit(listener: (code: number | null) => void): void
}

/** Starts an engine; calls and events go over its transport. */
export type SpawnEngine = () => EngineProcess
