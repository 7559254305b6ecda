import type { Handlers } from '../../proxy/contract/api'
import type { HandedBlock } from '../../proxy/contract/blocks'
import { type ConfigDocument, FORMAT_VERSION } from '../../proxy/contract/config/document'
import { engineApi, type EngineApi } from '../../proxy/contract/engine-api'
import type { Issue } from '../../proxy/contract/issue'
import { parseConfig } from '../../proxy/contract/parse'
import { memoryPair } from '../../proxy/contract/rpc/memory'
import { serveRpc } from '../../proxy/contract/rpc/server'
import type { Transport } from '../../proxy/contract/rpc/transport'
import type { EngineStatus, ListenerStatus } from '../../proxy/contract/status'
import type { EngineEnd, EngineProcess, EngineSource } from '../../proxy/host/engine-process'

/** Engines that forward nothing, for tests of the host: they remember what they were given and die when told. */
export class FakeEngines implements EngineSource {
  /** Revisions in the order in which they were loaded, by all engines. */
  readonly loaded: string[] = []
  /** What went wrong in a fake itself. */
  readonly faults: unknown[] = []
  /** Every call that was answered, by all engines. */
  readonly asked: string[] = []
  /** What the engines tell of their services when they are asked. */
  services: EngineStatus['services'] = []
  spawned = 0
  /** Whom the engine that runs says to have blocked; what the next one was given is in its place. */
  blocks: readonly HandedBlock[] = []
  /** What the next loads are refused with. */
  refuseWith: readonly Issue[] = []
  /** Loads of a document for which this holds end the engine. */
  crashesOn: (document: unknown) => boolean = () => false
  /** Loads are answered once this has come. */
  loadsWaitFor: Promise<void> = Promise.resolve()
  /** No call is answered any more. */
  silent = false
  #crash: (code: number | null) => void = () => undefined
  #send: Transport['send'] = () => undefined

  find(): Promise<EngineProcess | null> {
    return Promise.resolve(null)
  }

  succeed(): Promise<EngineProcess> {
    return Promise.reject(new Error('these engines do not hand over'))
  }

  start(): EngineProcess {
    this.spawned++
    const pair = memoryPair()
    const exits: ((end: EngineEnd) => void)[] = []
    let over = false
    const end = (code: number | null): void => {
      if (over) return
      over = true
      pair.close()
      for (const listener of exits) listener(code === null ? { kind: 'killed', code, signal: 'SIGKILL' } : { kind: 'exited', code })
    }
    this.#crash = end
    this.#send = (frame) => pair.b.send(frame)
    let listeners: ListenerStatus[] = []
    const handlers: Handlers<EngineApi> = {
      load: async ({ revision, document, blocks }) => {
        await this.loadsWaitFor
        if (blocks.length > 0) this.blocks = blocks
        if (this.crashesOn(document)) {
          queueMicrotask(() => end(1))
          return new Promise<never>(() => undefined)
        }
        if (this.refuseWith.length > 0) return { ok: false, issues: [...this.refuseWith] }
        this.loaded.push(revision)
        listeners = listenersOf(document)
        return { ok: true, listeners, duration: 1, ended: 0 }
      },
      status: () => ({
        startedAt: 0,
        listeners,
        services: this.services,
        memory: { rss: 0 },
        busy: { connections: 0, waiting: 0, running: 0, timers: 0 },
      }),
      ping: () => null,
      requests: () => [],
      'backend.check': () => ({ found: false }),
      'backend.disconnect': () => ({ cut: 0 }),
      'access.test': () => ({ ok: false, issues: [] }),
      'access.blocks': () => [...this.blocks],
      'access.counts': () => ({ services: {}, lists: {}, blocked: [], automatic: [] }),
      'access.impact': () => ({ addresses: [], total: 0, running: 0 }),
      'access.unblock': () => ({ ended: false }),
      handOver: () => Promise.reject(new Error('not by these')),
      closeAll: () => ({ ended: 0 }),
      drain: () => {
        queueMicrotask(() => end(0))
        return null
      },
    }
    serveRpc(this.#deaf(pair.b), engineApi, this.#noted(handlers), { onFault: (error) => void this.faults.push(error) })
    return {
      pid: 1_000 + this.spawned,
      isOther: false,
      letGo: () => undefined,
      transport: pair.a,
      kill: () => end(null),
      onExit: (listener) => void exits.push(listener),
    }
  }

  /** Ends the engine that runs as a crash would. */
  crash(code: number | null = null): void {
    this.#crash(code)
  }

  /** Sends an event as the engine that runs. */
  emit(name: string, payload: unknown): void {
    this.#send({ kind: 'event', name, payload })
  }

  #noted(handlers: Handlers<EngineApi>): Handlers<EngineApi> {
    return new Proxy(handlers, {
      get: (target, name, receiver) => {
        this.asked.push(String(name))
        return Reflect.get(target, name, receiver)
      },
    })
  }

  /** A transport that hears nothing while the engines are to be silent. */
  #deaf(transport: Transport): Transport {
    return { ...transport, onFrame: (listener) => transport.onFrame((frame) => (this.silent ? undefined : listener(frame))) }
  }
}

function listenersOf(document: unknown): ListenerStatus[] {
  const parsed = parseConfig(document)
  if (!parsed.ok) return []
  return parsed.config.listeners.map((listener) => ({
    ...listener,
    state: 'listening',
    reason: null,
    code: null,
    holder: null,
    connections: 0,
  }))
}

/** A small valid document; its services are `http://127.0.0.1:PORT` under a host name of their own. */
export function documentWith(services: Readonly<Record<string, number>> = {}, port = 8080): ConfigDocument {
  return {
    version: FORMAT_VERSION,
    listeners: [{ id: 'web', address: '127.0.0.1', port, protocol: 'http' }],
    services: Object.entries(services).map(([id, backend]) => ({
      id,
      hosts: [`${id}.test`],
      backends: [{ id: 'main', url: `http://127.0.0.1:${backend}` }],
    })),
  }
}
