import type { LookupFunction } from 'node:net'
import type { Handlers } from '../contract/api'
import { elapsed, present, wallTime } from '../contract/clock'
import type { engineApi } from '../contract/engine-api'
import type { EngineEvents } from '../contract/events'
import { LIMITS } from '../contract/limits'
import { findPortHolder } from '../system/port-holder'
import { openFilesAtStart, openFilesLimit, openFilesNow } from '../system/open-files'
import { accessHandlers } from './access-handlers'
import { AccessGate } from './gate/access-gate'
import { InterfaceWatch } from './access/interfaces'
import type { Backend } from './backend/backend'
import type { BackendState } from './backend/backend-state'
import type { BackendError } from '../outbound/backend-error'
import { Dialer, SYSTEM_LOOKUP } from '../outbound/dialer'
import { cachedLookup } from '../outbound/name-cache'
import { FolderWatch } from './files/folder-watch'
import { ViaNames } from './http/via'
import { Listings } from './files/listings'
import { LookUps } from './files/look-ups'
import { HealthMonitor } from './health/health-monitor'
import { tellDrained } from './reload/drains'
import { emptyWorld } from './reload/empty-world'
import { adopt, reload } from './reload/reload'
import { ConnectionLimits } from './edge/connection-limits'
import { InheritedPorts } from './edge/inherited'
import { Descriptors } from './edge/descriptors'
import { Handshakes } from './edge/handshakes'
import type { HolderOf } from './edge/bind-failure'
import { ended as endedByFault } from './intake/border'
import { ListenerSet } from './edge/listener-set'
import { makeListener } from './make-listener'
import { makeRoom } from './make-room'
import { EngineNews } from './engine-news'
import { busyNow, engineStatus } from './engine-status'
import { type HealthNewsParts, tellBackend, tellFolder } from './health-news'
import { Measures } from './measure/measures'
import { limitText } from './limit-words'
import { Loading } from './loading'
import { BUFFERS } from './intake/buffers'
import { Ticker } from './measure/ticker'
import { answerFault } from './pipeline/answer'
import type { PipelineParts } from './pipeline/parts'
import { Pipeline } from './pipeline/pipeline'
import { ClosedTo } from './visit/closed-to'
import type { VisitParts } from './visit/parts'
import { newReference } from './visit/reference'
import { Court } from './visit/unwelcome'
import { WaitQueues } from './pipeline/wait-queue'
import { TimerWheel } from './time/timer-wheel'
import { Review } from './review'
import { TurnedAway } from './turned-away'
import type { World } from './world/world'

export interface EngineOptions {
  /** Tells the host. */
  readonly emit: <Name extends keyof EngineEvents>(name: Name, payload: EngineEvents[Name]) => void
  readonly lookup?: LookupFunction
  readonly holderOf?: HolderOf
  readonly random?: () => number
  /** Ports of an engine that this one takes the place of. */
  readonly inherited?: InheritedPorts
}

/** The data plane: what it can be asked, and its end. */
export interface Engine {
  readonly handlers: Omit<Handlers<typeof engineApi>, 'handOver'>
  /**
   * Closes the listeners and lets running requests end for at most `timeout` ms; then nothing of it runs any more. With a
   * successor, which has the same ports, what runs here is still judged by the documents that are loaded.
   */
  stop(timeout: number, successor?: boolean): Promise<void>
  /** The open ports, as a successor can be given them. */
  handles(): ReturnType<ListenerSet['handles']>
  /** How long it is to serve without a host, in ms; null: until it is stopped. */
  readonly aloneFor: number | null
}

/** Builds the engine. It serves nothing until a configuration is loaded. */
export function createEngine(options: EngineOptions): Engine {
  const { emit, lookup = SYSTEM_LOOKUP, holderOf = findPortHolder, random = Math.random, inherited = new InheritedPorts() } = options
  const startedAt = wallTime()
  const interfaces = new InterfaceWatch()
  const measures = new Measures()
  let world: World = emptyWorld(interfaces)
  const gate = new AccessGate(world.snapshot, interfaces, tellAccess)
  measures.limits.onWide = (limit) => emit('limit', { at: wallTime(), limit, setting: LIMITS[limit], text: limitText(limit) })
  BUFFERS.onShort = () => measures.limits.count('buffers', elapsed())
  let reviewDue = false
  let interfacesSeen = interfaces.version
  const limits = new ConnectionLimits(world.snapshot)
  const wheel = new TimerWheel(endedByFault)
  const descriptors = new Descriptors({ limit: openFilesLimit(), base: openFilesAtStart(), counted: openFilesNow })
  descriptors.onTight = () => {
    turnedAway.tooMany('', '', 'descriptors')
    return makeRoom(world, listeners)
  }
  const handshakes = new Handshakes({
    most: () => limits.mostHandshakes,
    onFull: (limit, { handshakeOf }) => turnedAway.tooManyHandshakes(limit, limits.mostHandshakes[limit], handshakeOf),
  })
  const closedTo = new ClosedTo()
  const dialer: Dialer = new Dialer({
    descriptors,
    lookup: cachedLookup(lookup, elapsed),
    isOwnListener: (address, port, transport) => listeners.isOwn(address, port, interfaces, transport),
  })
  const health = new HealthMonitor({ random, elapsed, wheel, dialer, onChange: onHealth })
  const queues = new WaitQueues(wheel)
  const healthNews: HealthNewsParts = {
    world: () => world,
    listeners: () => listeners.status(),
    emit: (event) => emit('health', event),
  }
  const folders: FolderWatch = new FolderWatch((id) => tellFolder(id, folders, healthNews))
  const court = new Court(gate, () => world.snapshot)
  const visits: VisitParts = {
    world: () => world,
    newReference,
    measures,
    gate,
    court,
    random,
    onBackendFailed,
    onRoom: (service) => queues.room(service),
  }
  const pipeline: PipelineParts = {
    ...visits,
    wheel,
    queues,
    lookUps: new LookUps(descriptors),
    listings: new Listings(wheel),
    names: new ViaNames(),
  }
  const turnedAway = new TurnedAway(visits)
  const news = new EngineNews()
  const listeners: ListenerSet = new ListenerSet({
    holderOf,
    inherited,
    make: makeListener({
      limits,
      wheel,
      handshakes,
      descriptors,
      isRefused: (listener, address) => closedTo.isClosed(listener, address, world.snapshot, gate, interfaces.version, present()),
      onGreetingRefused: (_, peer, reason) => turnedAway.unnamed(peer, reason),
      onFull: (listener, peer, why) => turnedAway.tooMany(listener, peer, why),
      streams: { ...visits, dialer },
      onRequest(connection, head) {
        connection.pipeline ??= new Pipeline(connection, connection, head, pipeline)
        connection.pipeline.run(head)
      },
      onFault(connection, code, reason, came) {
        const ref = newReference()
        answerFault(connection, code, ref)
        turnedAway.noRequest(ref, connection.peer, came, code, reason)
      },
    }),
    onChange(status) {
      news.listenerChanged(status.id)
      emit('listener', status)
    },
  })
  const review = new Review({ court, listeners, queues, measures, wheel, running: () => world.snapshot })
  const ticker = new Ticker(
    measures,
    () => ({
      ...news.gather(world, listeners.status(), folders, elapsed()),
      busy: busyNow(world, listeners.status(), queues.size, wheel.size),
    }),
    (tick) => {
      sweep()
      emit('tick', tick)
    },
  )
  const parts = {
    listeners,
    interfaces,
    wheel,
    world: () => world,
    dialer,
    swap(next: World, settle: () => void) {
      const before = world
      world = next
      adopt(before, next, present())
      limits.update(next.snapshot)
      BUFFERS.limit(next.snapshot.settings.limits.buffers)
      gate.follow(next.snapshot)
      settle()
      review.afterSwap()
      health.follow(next)
      folders.follow(next.snapshot)
      queues.roomAnywhere()
      measures.keep(new Set(next.snapshot.services.keys()))
      inherited.serve()
    },
  }
  const loading = new Loading({
    async reload({ revision, document, hidden }, asTheyAre) {
      const result = await reload(revision, document, hidden, asTheyAre ? { ...parts, listeners: listeners.asTheyAre } : parts)
      inherited.closeRest()
      return result
    },
    ended: () => review.sinceSwap(),
    hurry: () => review.hurry(),
    onClosed: () => emit('closed', { at: wallTime() }),
  })

  function onHealth(live: BackendState): void {
    queues.room(live.service)
    tellBackend(live, healthNews)
  }

  function tellAccess(event: EngineEvents['access']): void {
    reviewDue = true
    emit('access', event)
  }

  /** Once a second: what time, the machine's networks or a client's own doing has changed. */
  function sweep(): void {
    descriptors.recount()
    tellDrained(world, present(), (event) => emit('drained', event))
    turnedAway.tellMore(elapsed())
    gate.blocks.forgetEnded(elapsed())
    if (!reviewDue && !world.snapshot.timed && interfacesSeen === interfaces.version) return
    reviewDue = false
    interfacesSeen = interfaces.version
    review.run()
  }

  /** Connections that fail, are reset before they answer, or are not answered in time; what is merely no HTTP is answered, after all. */
  function onBackendFailed({ live }: Backend, error: BackendError): void {
    if (error.kind !== 'garbage' && error.kind !== 'loop' && error.kind !== 'no-descriptor')
      health.connectionFailed(live, error.message, error.kind === 'slow' || error.kind === 'closed')
  }

  function findBackend(service: string, id: string): Backend | undefined {
    return world.backends.get(service)?.find(({ config }) => config.id === id)
  }

  async function stop(timeout: number, successor = false): Promise<void> {
    await loading.stop(successor)
    await listeners.drain(timeout, (cut) => queues.holding(cut), successor)
    ticker.stop()
    health.stop()
    folders.stop()
    interfaces.stop()
    wheel.stop()
    for (const { live } of [...world.backends.values()].flat()) live.retire()
  }

  return {
    stop,
    handles: () => listeners.handles(),
    get aloneFor() {
      return world.snapshot.settings.timeouts.withoutHost
    },
    handlers: {
      load({ blocks, ...document }) {
        // Before anything listens, and even where the document is refused.
        gate.blocks.goOn(blocks, elapsed())
        return loading.load(document)
      },
      closeAll: () => loading.closeAll(),
      ping: () => null,
      status: () => ({
        ...engineStatus(startedAt, world, listeners.status(), measures, folders, elapsed()),
        busy: busyNow(world, listeners.status(), queues.size, wheel.size),
        ...(loading.isClosedPastHost ? { closedPastHost: true } : {}),
      }),
      requests: (filter) => measures.ring.find(filter),
      ...accessHandlers(
        () => world,
        gate,
        interfaces,
        (snapshot) => review.wouldEnd(snapshot),
      ),
      'backend.check'({ service, backend: id }) {
        const backend = findBackend(service, id)
        return { found: backend !== undefined && health.checkNow(backend.live) }
      },
      'backend.disconnect': ({ service, backend }) => ({
        cut: review.disconnect(service, backend),
      }),
      async drain({ timeout, successor }) {
        await stop(timeout, successor)
        return null
      },
    },
  }
}
