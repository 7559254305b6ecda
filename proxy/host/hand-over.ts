import { formatIssue } from '../contract/issue'
import type { EngineStatus } from '../contract/status'
import type { EngineProcess, EngineSource } from './engine-process'
import type { RunningEngine } from './running-engine'
import type { SupervisorOptions } from './supervisor-options'

export interface HandOverOptions extends Pick<SupervisorOptions, 'hidden' | 'blocks' | 'closedPast'> {
  readonly engines: EngineSource
  readonly attach: (child: EngineProcess) => RunningEngine
  readonly current: () => { readonly revision: string; readonly document: unknown }
}

/** An engine that serves beside the one before it, on the same ports, with the configuration of now; and what it knows. */
export interface Successor {
  readonly engine: RunningEngine
  readonly status: EngineStatus
}

/** Has an engine start its successor. Rejects with an Error that says why there is none; the old one then serves as before. */
export async function startSuccessor(old: RunningEngine, options: HandOverOptions): Promise<Successor> {
  const { engines, attach, current } = options
  const engine = attach(await engines.succeed((program) => old.client.call('handOver', { program })))
  try {
    for (;;) {
      const { revision, document } = current()
      const result = await engine.give(revision, document, options)
      if (!result.ok) throw new Error(result.issues.map(formatIssue).join('; '))
      const status = await engine.client.call('status', {})
      engine.isFirstLoading = false
      if (engine.ending !== null) throw new Error('the next process of the gateway ended')
      // What was saved meanwhile is loaded next.
      if (current().revision === revision) return { engine, status }
    }
  } catch (error) {
    engine.discard()
    throw error
  }
}
