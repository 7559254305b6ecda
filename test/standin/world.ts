import type { Browser } from './chromium'

/** How the stand-in was started: what Electron takes from its command line and the app's package.json. */
export interface Boot {
  readonly appPath: string
  readonly name: string
  readonly version: string
  readonly electronVersion: string
  /** Whether a test runner wants to attach to Chromium. */
  readonly debugPort: boolean
  /** The module that gives a utility process its `parentPort`. */
  readonly childShim: string
  readonly switches: Map<string, string>
}

interface Contents {
  readonly id: number
  gone(): void
}

interface Window {
  close(): void
  isDestroyed(): boolean
}

interface Emitting {
  emit(name: string, ...args: unknown[]): boolean
  listenerCount(name: string): number
}

/** What Electron's objects know of each other in one process; here, so that their files need not import each other in a circle. */
export const world = {
  boot: null as Boot | null,
  browser: null as Promise<Browser> | null,
  app: null as (Emitting & { isReady(): boolean; quit(): void }) | null,
  windows: new Set<Window>(),
  contents: new Map<string, Contents>(),
  children: new Set<{ kill(): boolean }>(),
  ipc: null as (Emitting & { handler(channel: string): ((event: unknown, ...args: unknown[]) => unknown) | undefined }) | null,
}

export function boot(): Boot {
  if (!world.boot) throw new Error('electron stand-in: not started')
  return world.boot
}

/** Throws as Electron does where something needs a ready app. */
export function needReady(what: string): void {
  if (!world.app?.isReady()) throw new Error(`Cannot create ${what} before app is ready`)
}

let lastId = 0

export function nextId(): number {
  return ++lastId
}
