import type { LookupFunction } from 'node:net'
import type { Handlers } from '../contract/api'
import type { engineApi } from '../contract/engine-api'
import type { EngineEvents } from '../contract/events'
import { CallError } from '../contract/failure'
import { findPortHolder } from '../system/port-holder'
import { InterfaceWatch } from './access/interfaces'
import type { Backend } from './backend/backend'
import { SYSTEM_LOOKUP } from './backend/dial'
import { cachedLookup } from './backend/name-cache'
import { HealthMonitor } from './health/health-monitor'
import { emptyWorld } from './lifecycle/empty-world'
import { reload } from './lifecycle/reload'
import { ConnectionLimits } from './listen/connection-limits'
import type { HolderOf } from './listen/bind-failure'
import { ListenerSet } from './listen/listener-set'
import { backendStatus, engineStatus, serviceVerdict } from './measure/engine-status'
import { Measures } from './measure/measures'
import { malformedRow } from './measure/malformed-row'
import { Ticker } from './measure/ticker'
import { answerFault } from './pipeline/answer'
import { Pipeline } from './pipeline/pipeline'
import { newReference } from './pipeline/reference'
import { Tunnels } from './pipeline/tunnels'
import { TimerWheel } from './time/timer-wheel'

export interface EngineOptions {
  /** Tells the host. */
  readonly emit: <Name extends keyof EngineEvents>(name: Name, payload: EngineEvents[Name]) => void
  readonly lookup?: LookupFunction
  readonly holderOf?: HolderOf
  readonly random?: () => number
}

/** The data plane: what it can be asked, and its end. */
export interface Engine {
  readonly handlers: Handlers<typeof engineApi>
  /** Closes the listeners and lets running requests end for at most `timeout` ms; then nothing of it runs any more. */
  stop(timeout: number): Promise<void>
}

/** Builds the engine. It serves nothing until a configuration is loaded. */
export function createEngine({ emit, lookup = SYSTEM_LOOKUP, holderOf = findPortHolder, random = Math.random }: EngineOptions): Engine {
  const startedAt = Date.now()
  const interfaces = new InterfaceWatch()
  const measures = new Measures()
  const tunnels = new Tunnels()
  let world = emptyWorld(interfaces)
  const limits = new ConnectionLimits(world.snapshot)
  const health = new HealthMonitor({ random, now: Date.now, onChange: tellHealth })
  const wheel = new TimerWheel()
  const pipeline = { world: () => world, wheel, newReference, measures, tunnels, random, onBackendFailed: noteFailure }
  const listeners = new ListenerSet({
    limits,
    holderOf,
    wheel,
    onRequest(connection, head) {
      connection.pipeline ??= new Pipeline(connection, connection, head, pipeline)
      connection.pipeline.run(head)
    },
    onFault(connection, code, reason) {
      const ref = newReference()
      answerFault(connection, code, ref)
      measures.ring.add(malformedRow(connection, ref, code, reason))
    },
    onChange: (status) => emit('listener', status),
  })
  const ticker = new Ticker(measures, () => listeners.status().reduce((sum, { connections }) => sum + connections, 0), (tick) => emit('tick', tick))
  const parts = {
    listeners, interfaces, wheel, now: Date.now, world: () => world,
    dialing: { lookup: cachedLookup(lookup, Date.now), isOwnListener: (address: string, port: number) => listeners.isOwn(address, port, interfaces) },
    swap(next: typeof world) {
      world = next
      limits.update(next.snapshot)
      tunnels.review(next, Date.now())
      health.follow(next)
      measures.keep(new Set(next.snapshot.services.keys()))
    },
  }
  let loading: Promise<unknown> = Promise.resolve()
  let stopping = false

  function tellHealth(backend: Backend): void {
    const service = world.snapshot.services.get(backend.service)
    const backends = world.backends.get(backend.service) ?? []
    if (service === undefined || !backends.includes(backend)) return
    const now = Date.now()
    emit('health', { at: now, service: service.id, ...serviceVerdict(service, backends, listeners.status(), now), backend: backendStatus(backend, now) })
  }

  function noteFailure(backend: Backend, error: { readonly beforeSending: boolean; readonly message: string }): void {
    if (error.beforeSending) health.connectionFailed(backend, error.message)
  }

  async function load(revision: string, document: unknown) {
    if (stopping) throw new CallError('AR_ENGINE', 'The gateway is stopping.')
    const began = performance.now()
    const result = await reload(revision, document, parts)
    return result.ok ? { ...result, duration: Math.round((performance.now() - began) * 10) / 10 } : result
  }

  async function stop(timeout: number): Promise<void> {
    stopping = true
    await loading
    await listeners.drain(timeout)
    ticker.stop()
    health.stop()
    interfaces.stop()
    wheel.stop()
    for (const backend of [...world.backends.values()].flat()) backend.retire()
  }

  return {
    stop,
    handlers: {
      load({ revision, document }) {
        // One after the other: two loads at once could open and close each other's listeners.
        const next = loading.then(() => load(revision, document))
        loading = next.catch(() => undefined)
        return next
      },
      status: () => engineStatus(startedAt, world, listeners.status(), measures, Date.now()),
      requests: (filter) => measures.ring.find(filter),
      async drain({ timeout }) {
        await stop(timeout)
        return null
      },
    },
  }
}
