import type { ResultOf } from '../contract/api'
import type { HandedBlock } from '../contract/blocks'
import type { EngineApi } from '../contract/engine-api'
import type { Notice } from '../contract/events'
import type { EngineSource } from './engine-process'
import type { EventHub } from './event-hub'

export type LoadResult = ResultOf<EngineApi, 'load'>

export interface SupervisorOptions {
  readonly engines: EngineSource
  /** Full paths, without links, of what is hosted for nobody. */
  readonly hidden: () => readonly string[]
  /** What a fresh engine gets. */
  readonly current: () => { readonly revision: string; readonly document: unknown }
  /** Clients that an engine before has blocked by itself. */
  readonly blocks?: () => readonly HandedBlock[]
  /** Called when loading the current revision has crashed the engine three times; it may put an earlier one in its place. */
  readonly onCrashLoop: () => Promise<void>
  /** Everything was closed past this host: the document has to say so too. Does not reject. */
  readonly onClosed: () => Promise<void>
  /** Whether the document does not say so yet. */
  readonly closedPast?: () => boolean
  /** Hears the engine's own events, and how the engine fares. */
  readonly hub: EventHub
  readonly notify: (level: Notice['level'], title: string, text: string) => void
  readonly log: (line: string) => void
}
