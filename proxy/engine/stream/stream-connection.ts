import type { Socket } from 'node:net'
import type { Address } from '../../contract/address'
import { elapsed } from '../../contract/clock'
import type { EndingName } from '../../contract/endings'
import type { RequestRow } from '../../contract/status'
import type { BackendError } from '../../outbound/backend-error'
import { clientEnds } from '../../outbound/proxy-head'
import type { Backend } from '../backend/backend'
import { FAULT_WORDS, guarded } from '../intake/border'
import { BUFFERS, type Holder } from '../intake/buffers'
import { keepBytes } from '../intake/read-buffer'
import { readInto } from '../intake/read-into'
import type { Standing } from '../edge/standing'
import type { TcpConnection } from '../edge/tcp-port'
import type { Runner } from '../edge/port-socket'
import { StreamIntake } from '../intake/stream-intake'
import { BytePipe } from '../relay/byte-pipe'
import { parseRequestPath } from '../route/request-path'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { CLIENT_LEFT, goneWhile } from '../visit/exchange'
import { failure, mayTryAnother, noteFailure } from '../visit/failure'
import { guardAccess, guardGateway } from '../visit/guard'
import { observe } from '../visit/observe'
import type { Refusal } from '../visit/refusal'
import { select } from '../visit/select'
import { Visit } from '../visit/visit'
import type { CompiledService } from '../world/snapshot'
import { readClientHello, UNKNOWN_NAME } from './client-hello'
import type { StreamParts } from './stream-parts'

/** A TLS client says at once whom it wants. */
const HELLO_MS = 10_000
/** The same for a client that nothing lets in, whomever it wants. */
const REFUSED_HELLO_MS = 2_000
const GAVE_WAY = { by: 'gateway', reason: 'it had not said whom it wants when its place was needed' } as const
/** Bytes that a client may send before it has a backend. */
const MOST_EARLY = 65_536
const ROOT = parseRequestPath('/')

/** What a stream needs of its listener. */
export interface StreamHome {
  readonly id: string
  readonly wheel: TimerWheel
  readonly streams: StreamParts
  onClosed(connection: StreamConnection): void
}

/** A client's connection to a `tcp` service: judged by the rules, joined to a backend, counted, told of in the log. */
export class StreamConnection implements TcpConnection, Runner, Holder {
  readonly socket: Socket
  readonly peer: string
  readonly peerAddress: Address | null
  readonly pipeline = this
  readonly standing: Standing
  private readonly visit: Visit
  private readonly home: StreamHome
  private readonly intake = new StreamIntake()
  private readonly hello: Timer
  private early: Buffer
  private name = ''
  private saidHello = false
  private speaksTls = false
  private pipe: BytePipe | null = null
  /** The backend that it counts at. */
  private asked: Backend | null = null

  constructor(socket: Socket, standing: Standing, early: Buffer, home: StreamHome) {
    const { peer, address } = standing
    this.socket = socket
    // Behind a PROXY header it is being read already, and what comes before somebody takes it must wait.
    socket.pause()
    readInto(socket, this.intake)
    this.peer = peer
    this.peerAddress = address
    this.early = early
    this.home = home
    this.standing = standing
    this.visit = new Visit(home.streams.world(), peer, address)
    this.visit.open(this.visit.world, home.streams.newReference(), peer, address)
    this.hello = new Timer(
      home.wheel,
      () => this.conclude({ code: 'AR_REQUEST_TIMEOUT', reason: 'it did not say which name it wants' }),
      this,
    )
    // A reset is nobody's fault; `close` follows.
    socket.on('error', () => undefined)
    socket.once('close', this.onClose)
    this.begin()
  }

  /** Gives back what it holds of its backend, however far it has come. */
  onFault(): string | null {
    const { visit, pipe } = this
    visit.refusal = { code: 'AR_INTERNAL', reason: FAULT_WORDS }
    if (pipe !== null) pipe.onFault()
    else {
      if (this.asked !== null) this.left(this.asked)
      this.tell('gateway', null)
      this.socket.destroy()
    }
    return visit.ref
  }

  /** What it has said before it has a backend. */
  get waiting(): number {
    return this.socket.destroyed ? 0 : this.early.length
  }

  /** A stream that runs goes on; one that has not begun has nothing to lose. */
  closeIdle(): void {
    if (this.pipe === null) this.cut('its port takes no connections any more')
  }

  cut(reason: string): void {
    const { visit, pipe } = this
    const phase =
      pipe !== null ? 'while it ran' : visit.attempts > 0 ? 'while its backend was being connected' : 'before it said whom it wants'
    const over = goneWhile({ by: 'gateway', reason }, phase)
    if (pipe !== null) return pipe.cut(over)
    this.tell(over.by, over.reason)
    this.socket.destroy()
  }

  whyUnwelcome(): EndingName | null {
    return this.home.streams.court.whyUnwelcome(this.visit, 'tunnel', {
      listener: this.home.id,
      host: this.name,
      path: ROOT,
      client: this.peerAddress,
    })
  }

  runsOn(service: string, backend: string): boolean {
    const { observed, backend: present } = this.visit
    return !observed && present?.live.service === service && present.live.id === backend
  }

  private begin(): void {
    const { streams, id } = this.home
    const refusal = guardGateway(this.visit, streams.gate)
    if (refusal !== null) return this.conclude(refusal)
    // Who does not share its port need not wait for the client's first bytes, which in many protocols come second.
    if (this.visit.world.snapshot.routers.get(id)?.named !== true) return this.choose()
    this.hello.set(this.standing.isRefused ? REFUSED_HELLO_MS : HELLO_MS)
    this.intake.sink = { onBytes: (buffer, end) => this.onHello(keepBytes(buffer, 0, end)), onFault: () => this.onFault() }
    this.socket.once('end', () => this.saidHello || this.socket.destroy())
    if (this.early.length > 0) this.onHello(Buffer.alloc(0))
    if (this.visit.service === null) this.socket.resume()
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
    this.standing.begins()
    const { streams, id } = this.home
    // It may have said whom it wants long after it came, and is judged by the rules of now.
    if (this.visit.world !== streams.world()) {
      this.visit.world = streams.world()
      const blocked = guardGateway(this.visit, streams.gate)
      if (blocked !== null) return this.conclude(blocked)
    }
    const found = ROOT === null ? undefined : this.visit.world.snapshot.routers.get(id)?.find(this.name, ROOT)
    if (found?.kind !== 'found') {
      if (this.speaksTls) this.socket.write(UNKNOWN_NAME)
      return this.conclude({
        code: 'AR_NO_SERVICE',
        reason: this.name === '' ? 'no service is on this port' : `no service answers ${this.name}`,
      })
    }
    this.visit.enter(found.target, streams.measures.service(found.target.id))
    const refusal = guardAccess(this.visit, streams.gate)
    if (refusal === null) this.attempt(null)
    else this.conclude(refusal)
  }

  private attempt(earlier: Refusal | null): void {
    const { visit } = this
    const { streams } = this.home
    const before = visit.backend
    const selection = select(visit, null, streams, elapsed())
    const { service, backend } = visit
    if (selection !== 'chosen' || service === null || backend === null) {
      visit.backend = before
      const none: Refusal =
        selection === 'full'
          ? { code: 'AR_BUSY', reason: 'every backend has as many connections as its maxConnections lets it have', limit: 'maxConnections' }
          : { code: 'AR_UNAVAILABLE', reason: 'no backend is usable' }
      return this.conclude(earlier ?? none)
    }
    if (visit.attempts === 0) this.readAhead()
    visit.begin(backend)
    this.asked = backend
    const intake = new StreamIntake()
    const { speaker, connectTimeout } = backend
    const head = speaker.tellsClient ? speaker.head(clientEnds(visit, this.socket)) : null
    streams.dialer.dial(
      speaker.target,
      { timeout: connectTimeout, halfOpen: true, head },
      guarded(this, (error, socket) => {
        if (socket !== null) this.join(service, backend, socket, intake)
        else if (error !== null) this.onFailed(backend, error)
      }),
      intake,
    )
  }

  /** A client is read while its backend is being connected, so far, or nobody would see it leave. */
  private readAhead(): void {
    this.intake.sink = {
      onBytes: (buffer, end) => {
        this.early = Buffer.concat([this.early, buffer.subarray(0, end)])
        if (BUFFERS.isFull(this, MOST_EARLY)) this.socket.pause()
      },
      onFault: () => this.onFault(),
    }
    this.socket.resume()
  }

  private onFailed(backend: Backend, error: BackendError): void {
    const { visit } = this
    this.left(backend)
    noteFailure(visit, backend, error)
    this.home.streams.onBackendFailed(backend, error)
    if (mayTryAnother(visit, error) && !this.socket.destroyed) this.attempt(failure(backend, error))
    else this.conclude(failure(backend, error))
  }

  private join(service: CompiledService, backend: Backend, socket: Socket, intake: StreamIntake): void {
    const { visit } = this
    visit.answeredBy(backend)
    if (this.socket.destroyed) {
      socket.on('error', () => undefined).destroy()
      return this.left(backend)
    }
    const { early } = this
    intake.socket = socket
    this.early = Buffer.alloc(0)
    const { tunnel: idle, idle: halfIdle } = service.config.timeouts
    this.pipe = new BytePipe({ socket: this.socket, intake: this.intake }, { socket, intake }, { idle, halfIdle }, this.home.wheel, {
      onBytesIn: (count) => visit.countIn(count),
      onBytesOut: (count) => visit.countOut(count),
      onEnd: ({ by, reason }) => {
        this.left(backend)
        this.tell(by, reason)
      },
    })
    this.pipe.open(early)
  }

  /** Nothing of this runs on the backend any more. */
  private left({ live }: Backend): void {
    this.asked = null
    live.inFlight -= 1
    this.home.streams.onRoom(live.service)
  }

  /** Ends a connection that has got no backend. */
  private conclude(refusal: Refusal): void {
    this.standing.begins()
    this.hello.clear()
    this.visit.refusal = refusal
    this.tell('gateway', null)
    if (this.speaksTls) this.socket.destroySoon()
    else this.socket.destroy()
  }

  private tell(by: RequestRow['endedBy'], reason: string | null): void {
    const { visit } = this
    if (visit.observed) return
    visit.endedBy = by
    visit.reason = reason
    observe(visit, 'TCP', this.name, '', this.home.streams.measures)
  }

  private readonly onClose = guarded(this, (): void => {
    this.hello.clear()
    this.home.onClosed(this)
    const { by, reason } = this.standing.gaveWay ? GAVE_WAY : CLIENT_LEFT
    if (this.pipe === null) this.tell(by, reason)
  })
}
