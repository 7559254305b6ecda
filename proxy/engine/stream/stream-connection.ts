import type { Socket } from 'node:net'
import type { Address } from '../../contract/address'
import type { ErrorCode } from '../../contract/errors'
import type { RecentClient } from '../gate/recent-clients'
import type { Backend } from '../backend/backend'
import type { BackendError } from '../backend/backend-error'
import { dial } from '../backend/dial'
import { clientPreface } from '../backend/proxy-preface'
import { keepBytes } from '../intake/read-buffer'
import { readInto } from '../intake/read-into'
import type { CompiledService } from '../world/snapshot'
import type { World } from '../world/world'
import type { TcpConnection } from '../edge/tcp-port'
import type { Runner } from '../edge/port-socket'
import type { ServiceCounters } from '../measure/service-counters'
import type { Refusal, Visit } from '../visit/context'
import { guardAccess, guardGateway } from '../visit/guard'
import { select, type Seeker } from '../visit/select'
import { parseRequestPath } from '../route/request-path'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { readClientHello, UNKNOWN_NAME } from './client-hello'
import { StreamIntake } from '../intake/stream-intake'
import { isUnwelcomeStream, STREAM_CODES, type StreamParts } from './stream-parts'
import { StreamPipe } from './stream-pipe'
import { tellStream } from './stream-row'

/** A TLS client says at once whom it wants. */
const HELLO_MS = 10_000
const ROOT = parseRequestPath('/')

/** What a stream needs of its listener. */
export interface StreamHome {
  readonly id: string
  readonly wheel: TimerWheel
  readonly streams: StreamParts
  onClosed(connection: StreamConnection): void
}

/** A client's connection to a `tcp` service: judged by the rules, joined to a backend, counted, told of in the log. */
export class StreamConnection implements TcpConnection, Visit, Seeker, Runner {
  readonly socket: Socket
  readonly peer: string
  readonly peerAddress: Address | null
  readonly client: string
  readonly clientAddress: Address | null
  readonly at = Date.now()
  readonly world: World
  readonly tried = new Set<Backend>()
  readonly head = null
  readonly pipeline = this
  service: CompiledService | null = null
  readonly isForgeable = false
  backend: Backend | null = null
  stickyId: string | null = null
  setCookie: string | null = null
  letIn = false
  rule: string | null = null
  recent: RecentClient | null = null
  private readonly home: StreamHome
  private readonly intake = new StreamIntake()
  private readonly ref: string
  private readonly started = performance.now()
  private readonly hello: Timer
  private early: Buffer
  private name = ''
  private saidHello = false
  private speaksTls = false
  private counters: ServiceCounters | null = null
  private pipe: StreamPipe | null = null
  private bytesIn = 0
  private bytesOut = 0
  private attempts = 0
  private told = false

  constructor(socket: Socket, peer: string, address: Address | null, early: Buffer, home: StreamHome) {
    this.socket = socket
    // Behind a PROXY header it is being read already, and what comes before there is a backend must wait.
    socket.pause()
    readInto(socket, this.intake)
    this.peer = peer
    this.peerAddress = address
    this.client = peer
    this.clientAddress = address
    this.early = early
    this.home = home
    this.world = home.streams.world()
    this.ref = home.streams.newReference()
    this.hello = new Timer(home.wheel, () => this.conclude({ code: 'AR_REQUEST_TIMEOUT', reason: 'it did not say which name it wants' }))
    // A reset is nobody's fault; `close` follows.
    socket.on('error', () => undefined)
    socket.once('close', () => this.onClose())
    this.begin()
  }

  /** A stream that runs goes on; one that has not begun has nothing to lose. */
  closeIdle(): void {
    if (this.pipe === null) this.socket.destroy()
  }

  cut(): void {
    if (this.pipe === null) this.socket.destroy()
    else this.pipe.cut({ by: 'gateway', reason: 'it was ended' })
  }

  isUnwelcome(now: number): boolean {
    const { streams } = this.home
    return isUnwelcomeStream(this.clientAddress, this.service, streams.world().snapshot, streams.gate, now)
  }

  runsOn(service: string, backend: string): boolean {
    return !this.told && this.backend?.service === service && this.backend.config.id === backend
  }

  private begin(): void {
    const { streams, id } = this.home
    const refusal = guardGateway(this, streams.gate)
    if (refusal !== null) return this.conclude(refusal)
    // Who does not share its port need not wait for the client's first bytes, which in many protocols come second.
    if (this.world.snapshot.routers.get(id)?.named !== true) return this.choose()
    this.hello.set(HELLO_MS)
    this.intake.sink = { onBytes: (buffer, end) => this.onHello(keepBytes(buffer, 0, end)) }
    this.socket.once('end', () => this.pipe === null && this.socket.destroy())
    if (this.early.length > 0) this.onHello(Buffer.alloc(0))
    if (this.service === null) this.socket.resume()
  }

  private onHello(bytes: Buffer): void {
    this.early = this.early.length === 0 ? bytes : Buffer.concat([this.early, bytes])
    if (this.saidHello) return
    const hello = readClientHello(this.early)
    if (hello.kind === 'more') return
    this.hello.clear()
    this.saidHello = true
    this.socket.pause()
    if (hello.kind === 'tls') this.name = hello.name
    this.speaksTls = hello.kind === 'tls'
    this.choose()
  }

  private choose(): void {
    const { streams, id } = this.home
    const found = ROOT === null ? undefined : this.world.snapshot.routers.get(id)?.find(this.name, ROOT)
    if (found?.kind !== 'found') {
      if (this.speaksTls) this.socket.write(UNKNOWN_NAME)
      return this.conclude({
        code: 'AR_NO_SERVICE',
        reason: this.name === '' ? 'no service is on this port' : `no service answers ${this.name}`,
      })
    }
    this.service = found.target
    this.counters = streams.measures.service(found.target.id)
    this.counters.requests += 1
    this.counters.inFlight += 1
    const refusal = guardAccess(this, streams.gate)
    if (refusal === null) this.attempt(null)
    else this.conclude(refusal)
  }

  private attempt(earlier: Refusal | null): void {
    const { service } = this
    const selection = select(this, Date.now(), this.home.streams.random)
    const { backend } = this
    if (selection === 'none' || service === null || backend === null)
      return this.conclude(earlier ?? { code: 'AR_UNAVAILABLE', reason: 'no backend is usable' })
    if (selection === 'full')
      return this.conclude(earlier ?? { code: 'AR_BUSY', reason: 'every backend has as many connections as it may have' })
    this.attempts += 1
    backend.inFlight += 1
    backend.requests += 1
    const intake = new StreamIntake()
    dial(
      { ...backend.url, verify: true },
      { ...backend.dialOptions(), halfOpen: true, preface: clientPreface(service.config.lockdown.proxyProtocol, this, this.socket) },
      (error, socket) => {
        if (socket !== null) this.join(service, backend, socket, intake)
        else if (error !== null) this.onFailed(backend, error)
      },
      intake,
    )
  }

  private onFailed(backend: Backend, error: BackendError): void {
    backend.inFlight -= 1
    backend.failed += 1
    this.tried.add(backend)
    this.home.streams.onBackendFailed(backend, error)
    const refusal: Refusal = { code: STREAM_CODES[error.kind], reason: `${backend.config.id}: ${error.message}` }
    const others = this.service?.config.retry.attempts ?? 0
    if (this.tried.size <= others && error.kind !== 'loop' && !this.socket.destroyed) this.attempt(refusal)
    else this.conclude(refusal)
  }

  private join(service: CompiledService, backend: Backend, socket: Socket, intake: StreamIntake): void {
    const took = performance.now() - this.started
    backend.health.answered()
    backend.answeredIn(took)
    this.counters?.latency(took)
    if (this.socket.destroyed) {
      socket.on('error', () => undefined).destroy()
      backend.inFlight -= 1
      return this.tell(null, 'client', 'the client went away')
    }
    const { early } = this
    this.early = Buffer.alloc(0)
    this.pipe = new StreamPipe(
      { socket: this.socket, intake: this.intake },
      { socket, intake },
      { idle: service.config.timeouts.tunnel, halfIdle: service.config.timeouts.idle },
      this.home.wheel,
      {
        onBytesIn: (count) => {
          this.bytesIn += count
          if (this.counters !== null) this.counters.bytesIn += count
        },
        onBytesOut: (count) => {
          this.bytesOut += count
          if (this.counters !== null) this.counters.bytesOut += count
        },
        onEnd: ({ by, reason }) => {
          backend.inFlight -= 1
          this.tell(null, by, reason)
        },
      },
    )
    this.pipe.open(early)
  }

  /** Ends a connection that has got no backend. */
  private conclude({ code, reason }: Refusal): void {
    this.hello.clear()
    this.tell(code, 'gateway', reason)
    if (this.speaksTls) this.socket.destroySoon()
    else this.socket.destroy()
  }

  private tell(code: ErrorCode | null, by: 'client' | 'backend' | 'gateway', reason: string | null): void {
    if (this.told) return
    this.told = true
    const { ref, at, started, client, name, rule, counters, bytesIn, bytesOut, attempts } = this
    tellStream(
      {
        ref,
        at,
        started,
        client,
        method: 'TCP',
        name,
        service: this.service?.id ?? null,
        backend: this.backend?.config.id ?? null,
        rule,
        counters,
        bytesIn,
        bytesOut,
        attempts,
      },
      code,
      by,
      reason,
      this.home.streams.measures,
    )
  }

  private onClose(): void {
    this.hello.clear()
    this.home.onClosed(this)
    // While a backend is being dialled, its answer tells.
    if (this.pipe === null && this.attempts === 0) this.tell(null, 'client', 'the client went away')
  }
}
