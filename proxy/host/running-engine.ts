import { engineApi, type EngineApi, engineEvents } from '../contract/engine-api'
import { createRpcClient, type RpcClient } from '../contract/rpc/client'
import { turn } from '../system/slices'
import type { EngineEnd, EngineProcess } from './engine-process'
import { EngineWatch } from './engine-watch'
import type { LoadResult, SupervisorOptions } from './supervisor-options'

/** An engine's process as its host has it: what it can be asked, whether it turns, and why it ended. */
export class RunningEngine {
  readonly client: RpcClient<EngineApi, typeof engineEvents>
  readonly exited: Promise<EngineEnd>
  /** Why we end it ourselves; null while it is meant to run. */
  ending: string | null = null
  /** The revision that it took last. */
  revision: string | null = null
  /** It has not taken its first configuration yet: a crash now is that configuration's doing. */
  isFirstLoading = true
  readonly #watch: EngineWatch

  constructor(readonly process: EngineProcess) {
    this.exited = new Promise((resolve) => process.onExit(resolve))
    this.client = createRpcClient(process.transport, engineApi, engineEvents, turn)
    // From its first moment: one that hangs over its configuration never gets as far as to run.
    this.#watch = new EngineWatch({ ping: () => this.client.call('ping', {}), onSilent: (why) => this.end(why) })
    void this.exited.then(() => this.#watch.stop())
  }

  get pid(): number | null {
    return this.process.pid ?? null
  }

  /** Gives it a document, and with its first one the clients that an engine before it has blocked. */
  async give(
    revision: string,
    document: unknown,
    { hidden, blocks, closedPast }: Pick<SupervisorOptions, 'hidden' | 'blocks' | 'closedPast'>,
  ): Promise<LoadResult> {
    if (this.isFirstLoading && closedPast?.() === true) await this.client.call('closeAll', {})
    const handed = this.isFirstLoading ? [...(blocks?.() ?? [])] : []
    const result = await this.client.call('load', { revision, document, hidden: [...hidden()], blocks: handed })
    if (result.ok) this.revision = revision
    return result
  }

  /** Ends it at once; the first reason is the one. */
  end(why: string): void {
    if (this.ending !== null) return
    this.ending = why
    this.process.kill()
  }

  /** Ends it at once, since it is not wanted any more. */
  discard(): void {
    this.end(STOPPED)
  }

  /** Its end is no crash. */
  get isUnwanted(): boolean {
    return this.ending === STOPPED
  }

  /** Is not ended, and not brought back either: it serves on. */
  letGo(): void {
    this.ending = STOPPED
    this.#watch.stop()
    this.process.letGo()
  }

  /** Lets it end in good order, for at most `timeout` ms, then cuts it. `successor`: another one serves already. */
  async drain(timeout: number, slack: number, successor: boolean): Promise<void> {
    this.ending = STOPPED
    const cut = setTimeout(() => this.process.kill(), timeout + slack)
    // A closed channel is the very end that is waited for.
    await Promise.race([this.client.call('drain', { timeout, successor }).catch(() => null), this.exited])
    await this.exited
    clearTimeout(cut)
  }
}

/** It ended because that was wanted. */
const STOPPED = 'stopped'
