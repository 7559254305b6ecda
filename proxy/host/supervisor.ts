import type { ParamsOf, ResultOf } from '../contract/api'
import { elapsed, wallTime } from '../contract/clock'
import type { EngineApi } from '../contract/engine-api'
import { CallError } from '../contract/failure'
import { formatIssue } from '../contract/issue'
import type { EngineState, EngineStatus } from '../contract/status'
import { endWords } from './engine-end'
import { relayEvents } from './engine-news'
import type { EngineEnd, EngineProcess } from './engine-process'
import { startSuccessor } from './hand-over'
import { LiveStatus } from './live-status'
import { RunningEngine } from './running-engine'
import type { LoadResult, SupervisorOptions } from './supervisor-options'

/** Waits before the tries after a crash; the first is at once. After the last, people are told, and it goes on. */
const RETRY_MS = [50, 1_000, 2_000, 4_000, 8_000, 16_000] as const
const RETRY_FOR_EVER_MS = 60_000
/** An engine that has run this long is well again: the next crash starts over with the first wait. */
const SETTLED_MS = 10_000
/** This many crashes within a minute over the loading of a revision are that revision's fault. */
const CRASHES_OF_A_REVISION = 3
const CRASH_WINDOW_MS = 60_000
/** Running requests may end for this long before a stop cuts them. */
const DRAIN_MS = 10_000
const DRAIN_SLACK_MS = 1_000

/** Keeps one engine running: finds or starts it, notices its death or silence, brings it back, hands over from one to the next. */
export class Supervisor {
  readonly #live = new LiveStatus()
  #running: RunningEngine | null = null
  /** Engines whose successor serves already; what runs on them ends. */
  readonly #leaving = new Set<RunningEngine>()
  #state: EngineState = { state: 'stopped', pid: null, startedAt: null, restarts: 0, lastFailure: null, nextTryAt: null }
  #tries = 0
  /** When the engine of now began to run, of `elapsed`, as below. */
  #ranFrom = 0
  /** When engines crashed over the loading of the revision of now. */
  #loadCrashes: number[] = []
  #retry: NodeJS.Timeout | undefined
  #launching: Promise<void> | null = null
  /** A launch waits for the save that closes everything, which therefore cannot wait for it. */
  #isClosing = false
  #restarting: Promise<EngineState> | null = null

  constructor(private readonly options: SupervisorOptions) {}

  get state(): EngineState {
    return this.#state
  }

  /** Starts the engine unless it runs, or takes over one that serves; resolves when it has taken the configuration, or the try has failed. */
  async start(): Promise<EngineState> {
    if (this.#running) return this.#state
    clearTimeout(this.#retry)
    this.#tries = 0
    this.#loadCrashes = []
    await this.#launch('starting')
    return this.#state
  }

  /** Closes the listeners, lets running requests end, ends the process. */
  async stop(): Promise<EngineState> {
    clearTimeout(this.#retry)
    // Whether there is one to stop shows when it has been looked for.
    if (this.#running === null) await this.#launching
    const running = this.#running
    await Promise.all([running?.drain(DRAIN_MS, DRAIN_SLACK_MS, false), ...[...this.#leaving].map(({ exited }) => exited)])
    clearTimeout(this.#retry)
    // Somebody may have started the next one while this one ended.
    if (this.#running === null) this.#set({ state: 'stopped', pid: null, startedAt: null, nextTryAt: null })
    return this.#state
  }

  /** The next engine listens before this one lets go, so that nobody is refused; where that cannot be, stops and starts. */
  restart(): Promise<EngineState> {
    this.#restarting ??= this.#restart().finally(() => {
      this.#restarting = null
    })
    return this.#restarting
  }

  /** Ends the engine without waiting for anybody. */
  kill(): void {
    clearTimeout(this.#retry)
    for (const engine of [this.#running, ...this.#leaving]) engine?.discard()
  }

  /** Leaves the engine serving, for the next host. */
  letGo(): void {
    clearTimeout(this.#retry)
    this.#running?.letGo()
  }

  /**
   * Gives the engine a document; null while none runs, which is no fault: the next one gets it when it starts. One that is being
   * started may serve by the document before this one for a moment: where this is the one of now, it is waited for.
   */
  async load(revision: string, document: unknown): Promise<LoadResult | null> {
    try {
      if (this.#launching !== null && !this.#isClosing && this.options.current().revision === revision) {
        await this.#launching
        return null
      }
      for (;;) {
        const running = this.#running
        if (!running || this.#state.state !== 'running') return null
        const [result, ...others] = await Promise.all([
          running.give(revision, document, this.options),
          ...[...this.#leaving].map((engine) => engine.give(revision, document, this.options).catch(() => null)),
        ])
        // Another one has taken over meanwhile, with the document before this one.
        if (this.#running !== running && this.#running !== null) continue
        if (!result.ok) return result
        await this.freshStatus()
        return { ...result, ended: others.reduce((sum, other) => sum + (other?.ok === true ? other.ended : 0), result.ended) }
      }
    } catch (error) {
      if (error instanceof CallError && error.code === 'AR_ENGINE')
        throw new CallError('AR_ENGINE', 'The gateway stopped while it was taking this change. Nothing was changed.')
      throw error
    }
  }

  /** Whether the engine that runs has taken this revision; one that took it may have died since. */
  serves(revision: string): boolean {
    return this.#running?.revision === revision
  }

  /** What the engine knows, as its events have told; null while none runs. Asks nobody. */
  status(): EngineStatus | null {
    return this.#state.state === 'running' ? this.#live.known : null
  }

  /** Asks the engine, after what no event tells in time: a load, or connections that were cut for somebody who waits. */
  freshStatus(): Promise<EngineStatus | null> {
    return this.#ask((running) => this.#live.learn(() => running.client.call('status', {})))
  }

  /** Asks the engine something; null while none runs. */
  ask<Name extends keyof EngineApi>(name: Name, params: ParamsOf<EngineApi, Name>): Promise<ResultOf<EngineApi, Name> | null> {
    return this.#ask((running) => running.client.call(name, params))
  }

  async #ask<Result>(question: (running: RunningEngine) => Promise<Result>): Promise<Result | null> {
    if (!this.#running || this.#state.state !== 'running') return null
    return question(this.#running).catch((error: unknown) => {
      if (error instanceof CallError && error.code === 'AR_ENGINE') return null
      throw error
    })
  }

  /** One at a time: two would start two engines. */
  #launch(state: 'starting' | 'restarting'): Promise<void> {
    this.#launching ??= this.#findOrStart(state).finally(() => {
      this.#launching = null
    })
    return this.#launching
  }

  async #findOrStart(state: 'starting' | 'restarting'): Promise<void> {
    let child: EngineProcess
    let found: EngineProcess | null
    try {
      found = await this.options.engines.find()
      child = found ?? this.options.engines.start()
    } catch (error) {
      return this.#crashed(endWords({ kind: 'not-started', reason: error instanceof Error ? error.message : String(error) }), false)
    }
    const running = this.#attach(child)
    this.#running = running
    this.#live.forget()
    this.#set({ state, pid: running.pid, startedAt: null, nextTryAt: null })
    const loaded = await Promise.race([this.#firstLoad(running, found !== null), running.exited.then(() => false)])
    if (!loaded || running.ending !== null || this.#running !== running) return
    this.#set({ state: 'running', pid: running.pid, startedAt: this.#live.known?.startedAt || wallTime(), nextTryAt: null })
    if (child.isOther) {
      this.options.log('the gateway runs another version of AstroRelay; it hands over to this one')
      void this.restart()
    }
  }

  #attach(child: EngineProcess): RunningEngine {
    const engine = new RunningEngine(child)
    relayEvents(engine, () => this.#running === engine, { ...this.options, live: this.#live })
    void engine.exited.then((end) => this.#exited(engine, end))
    return engine
  }

  async #firstLoad(running: RunningEngine, wasServing: boolean): Promise<boolean> {
    try {
      // One that was left serving may have been closed past its host: that comes first.
      if (wasServing && (await running.client.call('status', {})).closedPastHost === true) await this.#closeToo()
      for (;;) {
        const { revision, document } = this.options.current()
        const result = await running.give(revision, document, this.options)
        if (!result.ok) this.options.notify('error', 'The gateway refused its configuration', result.issues.map(formatIssue).join('\n'))
        await this.#live.learn(() => running.client.call('status', {}))
        running.isFirstLoading = false
        // What was saved while this was being loaded is loaded next.
        if (this.options.current().revision === revision) return true
      }
    } catch (error) {
      if (!(error instanceof CallError && error.code === 'AR_ENGINE'))
        running.end(`it could not take its configuration (${error instanceof Error ? error.message : String(error)})`)
      return false
    }
  }

  async #closeToo(): Promise<void> {
    this.#isClosing = true
    try {
      await this.options.onClosed()
    } finally {
      this.#isClosing = false
    }
  }

  async #restart(): Promise<EngineState> {
    const old = this.#running
    if (old !== null && this.#state.state === 'running' && (await this.#handOver(old))) return this.#state
    await this.stop()
    return this.start()
  }

  /** Gives false where the old engine has to go before the next can come. */
  async #handOver(old: RunningEngine): Promise<boolean> {
    try {
      const { engine, status } = await startSuccessor(old, {
        ...this.options,
        attach: (child) => this.#attach(child),
      })
      if (this.#running !== old) {
        engine.discard()
        return true
      }
      this.#running = engine
      this.#live.forget()
      void this.#live.learn(() => Promise.resolve(status))
      this.#set({ state: 'running', pid: engine.pid, startedAt: wallTime(), nextTryAt: null })
      this.#leaving.add(old)
      void old.drain(DRAIN_MS, DRAIN_SLACK_MS, true)
      return true
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.options.log(`the gateway could not hand over (${why}); it stops and starts instead`)
      return false
    }
  }

  #exited(running: RunningEngine, end: EngineEnd): void {
    this.#leaving.delete(running)
    const isCurrent = this.#running === running
    if (isCurrent) {
      this.#running = null
      this.#live.forget()
    }
    if (running.isUnwanted || !isCurrent) return
    if (end.kind !== 'lost' || running.ending !== null) return this.#crashed(running.ending ?? endWords(end), running.isFirstLoading)
    this.options.log('the connection to the gateway broke off; it is looked for')
    this.#set({ state: 'restarting', pid: null, startedAt: null })
    void this.#launch('restarting')
  }

  #crashed(why: string, overLoading: boolean): void {
    const now = elapsed()
    if (this.#state.startedAt !== null && now - this.#ranFrom > SETTLED_MS) this.#tries = 0
    if (overLoading) this.#loadCrashes = [...this.#loadCrashes.filter((at) => now - at < CRASH_WINDOW_MS), now]
    const wait = RETRY_MS[this.#tries++]
    const failure = { pid: null, startedAt: null, restarts: this.#state.restarts + 1, lastFailure: why } as const
    this.options.log(`the gateway stopped by itself: ${why}`)
    this.#set({ ...failure, state: wait === undefined ? 'failed' : 'restarting', nextTryAt: wallTime() + (wait ?? RETRY_FOR_EVER_MS) })
    if (this.#tries === RETRY_MS.length + 1)
      this.options.notify(
        'error',
        'The gateway does not start',
        `It stopped ${this.#tries} times, the last time because ${why}. It is tried again every minute; start it yourself when the cause is gone, or go back to an earlier version in History.`,
      )
    else if (wait !== undefined)
      this.options.notify('warning', 'The gateway stopped by itself', `It is being started again (${why}). Running requests were cut.`)
    this.#retry = setTimeout(() => void this.#tryAgain(), wait ?? RETRY_FOR_EVER_MS)
  }

  async #tryAgain(): Promise<void> {
    if (this.#loadCrashes.length >= CRASHES_OF_A_REVISION) {
      this.#loadCrashes = []
      const { revision } = this.options.current()
      await this.options.onCrashLoop()
      // Another document is another chance.
      if (this.options.current().revision !== revision) this.#tries = 0
    }
    const { state } = this.#state
    if (this.#running === null && (state === 'restarting' || state === 'failed')) await this.#launch('restarting')
  }

  #set(change: Partial<EngineState>): void {
    if (change.state === 'running') this.#ranFrom = elapsed()
    this.#state = { ...this.#state, ...change }
    this.options.hub.emit('engine', this.#state)
  }
}
