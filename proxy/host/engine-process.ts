import type { Transport } from '../contract/rpc/transport'

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
