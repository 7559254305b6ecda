import type { Transport } from '../contract/rpc/transport'

/** More threads than Node has by itself: a hosted folder on a share that hangs must not keep names from being resolved (`engine/files/look-ups.ts`). */
export const ENGINE_ENVIRONMENT = { UV_THREADPOOL_SIZE: '16' }

/**
 * How an engine's process came to its end: by itself, by a fault of its own, by somebody else's hand, or before it began.
 * `lost`: it is not heard any more, and may be there.
 */
export type EngineEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'crashed' | 'killed'; readonly code: number | null; readonly signal: string | null }
  | { readonly kind: 'out-of-memory'; readonly code: number | null }
  | { readonly kind: 'not-started'; readonly reason: string }
  | { readonly kind: 'gone' | 'lost' }

/** An engine that runs, or is being started. */
export interface EngineProcess {
  readonly pid: number | undefined
  readonly transport: Transport
  /** Whether it runs another build of the program than this one. */
  readonly isOther: boolean
  /** Lets go of it and leaves it as it is, so that this process can end. */
  letGo(): void
  /** Ends it at once. */
  kill(): void
  /** Hears its end, once. */
  onExit(listener: (end: EngineEnd) => void): void
}

/** Where engines come from. */
export interface EngineSource {
  /** Starts a fresh one. Throws where that cannot even be tried. */
  start(): EngineProcess
  /** The one that an earlier host left serving; null where there is none. One that does not answer is ended. */
  find(): Promise<EngineProcess | null>
  /**
   * Starts one that gets the ports of another, which is asked for it by `ask`. Rejects where it cannot be; the other one then
   * serves as before.
   */
  succeed(ask: HandOver): Promise<EngineProcess>
}

/** Asks an engine to start this program as its successor. */
export type HandOver = (program: { file: string; args: string[]; environment: Record<string, string> }) => Promise<{ readonly pid: number }>
