import type { ParamsOf, ResultOf } from '../contract/api'
import { engineApi, type EngineApi, engineEvents } from '../contract/engine-api'
import type { Notice } from '../contract/events'
import { CallError } from '../contract/failure'
import { formatIssue } from '../contract/issue'
import { createRpcClient, type RpcClient } from '../contract/rpc/client'
import type { EngineState, EngineStatus } from '../contract/status'
import { endWords } from './engine-end'
import type { EngineEnd, EngineProcess, SpawnEngine } from './engine-process'
import type { EventHub } from './event-hub'
import { LiveStatus } from './live-status'

/** Waits before the tries after a crash; after the last one a person has to start the engine. The first is at once. */
const RETRY_MS = [50, 1_000, 2_000, 4_000, 8_000, 16_000] as const
/** An engine that has run this long is well again: the next crash starts over with the first wait. */
const SETTLED_MS = 10_000
/** This many crashes within a minute on a revision that is new are that revision's fault. */
const CRASHES_OF_A_REVISION = 3
const CRASH_WINDOW_MS = 60_000
const PING_EVERY_MS = 5_000
/** An answer is waited for in steps: a machine that slept, or a host that was busy, then uses up one of them, not all. */
const PING_STEP_MS = 1_000
const PING_STEPS = 5
/** Running requests may end for this long before a stop cuts them. */
const DRAIN_MS = 10_000
const DRAIN_SLACK_MS = 1_000

export type LoadResult = ResultOf<EngineApi, 'load'>

export interface SupervisorOptions {
  readonly spawn: SpawnEngine
  /** Full paths, without links, of what is hosted for nobody. */
  readonly hidden: () => readonly string[]
  /** What a fresh engine gets. */
  readonly current: () => { readonly revision: string; readonly document: unknown }
  /** Called when the current revision has crashed the engine three times; it may put an earlier one in its place. */
  readonly onCrashLoop: () => Promise<void>
  /** Hears the engine's own events, and how the engine fares. */
  readonly hub: EventHub
  readonly notify: (level: Notice['level'], title: string, text: string) => void
  readonly log: (line: string) => void
}

interface Running {
  readonly process: EngineProcess
  readonly client: RpcClient<EngineApi, typeof engineEvents>
  readonly exited: Promise<unknown>
  pinger: NodeJS.Timeout | undefined
  /** Why we end it ourselves; null while it is meant to run. */
  ending: string | null
}

/** A limit that goes on striking is everybody's news once in so long. */
const LIMIT_NOTICE_MS = 10 * 60_000

/** Keeps one engine running: starts it, notices its death or silence, brings it back. */
export class Supervisor {
  readonly #live = new LiveStatus()
  #running: Running | null = null
  #state: EngineState = { state: 'stopped', pid: null, startedAt: null, restarts: 0, lastFailure: null, nextTryAt: null }
  #tries = 0
  #crashes: number[] = []
  #retry: NodeJS.Timeout | undefined
  /** When people were last told of a limit, in epoch ms. */
  #limitTold = Number.NEGATIVE_INFINITY

  constructor(private readonly options: SupervisorOptions) {}

  get state(): EngineState {
    return this.#state
  }

  /** Starts the engine unless it runs; resolves when it has taken the configuration, or the try has failed. */
  async start(): Promise<EngineState> {
    if (this.#running) return this.#state
    clearTimeout(this.#retry)
    this.#tries = 0
    this.#crashes = []
    await this.#launch('starting')
    return this.#state
  }

  /** Closes the listeners, lets running requests end, ends the process. */
  async stop(): Promise<EngineState> {
    clearTimeout(this.#retry)
    const running = this.#running
    if (running) {
      running.ending = 'stopped'
      const cut = setTimeout(() => running.process.kill(), DRAIN_MS + DRAIN_SLACK_MS)
      // A closed channel is the very end that is waited for.
      await Promise.race([running.client.call('drain', { timeout: DRAIN_MS }).catch(() => null), running.exited])
      await running.exited
      clearTimeout(cut)
    }
    // Somebody may have started the next one while this one ended.
    if (this.#running === null) this.#set({ state: 'stopped', pid: null, startedAt: null, nextTryAt: null })
    return this.#state
  }

  async restart(): Promise<EngineState> {
    await this.stop()
    return this.start()
  }

  /** Ends the engine without waiting for anybody. */
  kill(): void {
    clearTimeout(this.#retry)
    if (!this.#running) return
    this.#running.ending = 'stopped'
    this.#running.process.kill()
  }

  /** Gives the engine a document; null while none runs, which is no fault: the next one gets it when it starts. */
  async load(revision: string, document: unknown): Promise<LoadResult | null> {
    if (!this.#running || this.#state.state !== 'running') return null
    try {
      const result = await this.#running.client.call('load', { revision, document, hidden: [...this.options.hidden()] })
      if (result.ok) await this.freshStatus()
      return result
    } catch (error) {
      if (error instanceof CallError && error.code === 'AR_ENGINE')
        throw new CallError('AR_ENGINE', 'The gateway stopped while it was taking this change. Nothing was changed.')
      throw error
    }
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

  async #ask<Result>(question: (running: Running) => Promise<Result>): Promise<Result | null> {
    if (!this.#running || this.#state.state !== 'running') return null
    return question(this.#running).catch((error: unknown) => {
      if (error instanceof CallError && error.code === 'AR_ENGINE') return null
      throw error
    })
  }

  async #launch(state: 'starting' | 'restarting'): Promise<void> {
    let child: EngineProcess
    try {
      child = this.options.spawn()
    } catch (error) {
      return this.#crashed(endWords({ kind: 'not-started', reason: error instanceof Error ? error.message : String(error) }))
    }
    const exited = new Promise<EngineEnd>((resolve) => child.onExit(resolve))
    const running: Running = {
      process: child,
      client: createRpcClient(child.transport, engineApi, engineEvents),
      exited,
      pinger: undefined,
      ending: null,
    }
    this.#running = running
    this.#set({ state, pid: child.pid ?? null, startedAt: null, nextTryAt: null })
    const { hub } = this.options
    const live = this.#live
    live.forget()
    // Known before it is told: whoever hears of it finds it in the status.
    running.client.on('tick', (tick) => {
      live.ticked(tick)
      hub.emit('tick', tick)
    })
    running.client.on('health', (health) => {
      live.healthChanged(health)
      hub.emit('health', health)
    })
    running.client.on('listener', (listener) => {
      live.listenerChanged(listener)
      hub.emit('listener', listener)
    })
    running.client.on('access', (event) => hub.emit('access', event))
    running.client.on('limit', (event) => {
      hub.emit('limit', event)
      if (event.at - this.#limitTold < LIMIT_NOTICE_MS) return
      this.#limitTold = event.at
      this.options.notify('warning', 'The gateway turns clients away', event.text)
    })
    running.client.on('drained', (event) => hub.emit('drained', event))
    void exited.then((end) => this.#exited(running, end))
    // From its first moment: one that hangs over its configuration never gets as far as to run.
    this.#watch(running)
    const loaded = await Promise.race([this.#firstLoad(running), running.exited.then(() => false)])
    if (!loaded || running.ending !== null || this.#running !== running) return
    this.#set({ state: 'running', pid: child.pid ?? null, startedAt: Date.now(), nextTryAt: null })
  }

  async #firstLoad(running: Running): Promise<boolean> {
    try {
      for (;;) {
        const { revision, document } = this.options.current()
        const result = await running.client.call('load', { revision, document, hidden: [...this.options.hidden()] })
        if (!result.ok) this.options.notify('error', 'The gateway refused its configuration', result.issues.map(formatIssue).join('\n'))
        await this.#live.learn(() => running.client.call('status', {}))
        // What was saved while this was being loaded is loaded next.
        if (this.options.current().revision === revision) return true
      }
    } catch (error) {
      if (!(error instanceof CallError && error.code === 'AR_ENGINE'))
        this.#end(running, `it could not take its configuration (${error instanceof Error ? error.message : String(error)})`)
      return false
    }
  }

  #exited(running: Running, end: EngineEnd): void {
    clearTimeout(running.pinger)
    if (this.#running === running) {
      this.#running = null
      this.#live.forget()
    }
    if (running.ending !== 'stopped') this.#crashed(running.ending ?? endWords(end))
  }

  /** A process can be there and yet not turn; one that does not answer is ended and brought back. */
  #watch(running: Running): void {
    running.pinger = setTimeout(() => void this.#ping(running), PING_EVERY_MS)
  }

  async #ping(running: Running): Promise<void> {
    const answer = running.client.call('ping', {}).then(
      () => true,
      (error: unknown) => {
        // A closed channel is the exit's to explain.
        if (!(error instanceof CallError && error.code === 'AR_ENGINE'))
          this.#end(running, error instanceof Error ? error.message : String(error))
        return true
      },
    )
    let answered = false
    for (let step = 0; step < PING_STEPS && !answered; step++) answered = await Promise.race([answer, this.#pause(running, PING_STEP_MS)])
    if (!answered) this.#end(running, `it did not answer for ${(PING_STEPS * PING_STEP_MS) / 1_000} s`)
    if (running.ending === null && this.#running === running) this.#watch(running)
  }

  /** Gives false after `duration` ms, unless the engine ends before. */
  #pause(running: Running, duration: number): Promise<false> {
    clearTimeout(running.pinger)
    return new Promise((resolve) => {
      running.pinger = setTimeout(() => resolve(false), duration)
    })
  }

  #end(running: Running, why: string): void {
    if (running.ending !== null) return
    running.ending = why
    running.process.kill()
  }

  #crashed(why: string): void {
    const now = Date.now()
    if (this.#state.startedAt !== null && now - this.#state.startedAt > SETTLED_MS) this.#tries = 0
    this.#crashes = [...this.#crashes.filter((at) => now - at < CRASH_WINDOW_MS), now]
    const wait = RETRY_MS[this.#tries++]
    const failure = { pid: null, startedAt: null, restarts: this.#state.restarts + 1, lastFailure: why } as const
    this.options.log(`the gateway stopped by itself: ${why}`)
    if (wait === undefined) {
      this.#set({ ...failure, state: 'failed', nextTryAt: null })
      this.options.notify(
        'error',
        'The gateway does not start',
        `It stopped ${this.#tries} times, the last time because ${why}. Start it again when the cause is gone, or go back to an earlier version in History.`,
      )
      return
    }
    this.#set({ ...failure, state: 'restarting', nextTryAt: now + wait })
    this.options.notify('warning', 'The gateway stopped by itself', `It is being started again (${why}). Running requests were cut.`)
    this.#retry = setTimeout(() => void this.#tryAgain(), wait)
  }

  async #tryAgain(): Promise<void> {
    if (this.#crashes.length >= CRASHES_OF_A_REVISION) {
      this.#crashes = []
      const { revision } = this.options.current()
      await this.options.onCrashLoop()
      // Another document is another chance.
      if (this.options.current().revision !== revision) this.#tries = 0
    }
    if (this.#running === null && this.#state.state === 'restarting') await this.#launch('restarting')
  }

  #set(change: Partial<EngineState>): void {
    this.#state = { ...this.#state, ...change }
    this.options.hub.emit('engine', this.#state)
  }
}
