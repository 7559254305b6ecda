import type { AnswerSink } from '../backend/answer-sink'
import type { BackendConnection } from '../backend/backend-connection'
import type { BackendError } from '../../outbound/backend-error'
import type { DialTarget } from '../../outbound/dialer'
import type { BackendPool, ConnectionWaiter, Wish } from '../backend/backend-pool'
import { buildAnswerFields } from '../http/answer-head'
import { lastChunk, passedTrailers } from '../http/trailers'
import { isOffered } from '../http/upgrade'
import type { BodyReader } from '../http/wire/body-reader'
import type { Framing } from '../http/wire/field-lines'
import type { ResponseHead } from '../http/wire/response-head-parser'
import { Progress, unsent } from '../intake/unsent'
import { goneWhile, type BodySink, type ClientGone } from '../visit/exchange'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { answerFields, isEventStream } from './answer-fields'
import type { BytePipe } from './byte-pipe'
import { asksForIdentity, bringsIdentity } from './connection-identity'
import { DONE, PHASES, tooSlow, unasked, type ForwardOutcome } from './outcome'
import { OwnConnection } from './own-connection'
import type { TransferOwner } from './transfer-owner'
import { openTunnel } from './tunnel'

/**
 * Carries one request at a time to a backend and its answer back: bytes by reference, each side held back where the other
 * does not keep up. An answer that breaks off is never ended properly, so that it cannot be taken for complete.
 */
export class Transfer implements BodySink, AnswerSink, ConnectionWaiter {
  private readonly owner: TransferOwner
  private readonly wheel: TimerWheel
  private readonly timer: Timer
  private pool: BackendPool | null = null
  private wish: Wish | null = null
  private connection: BackendConnection | null = null
  /** The one that the client's next request has to go over, where it is there. */
  readonly own = new OwnConnection()
  private active = false
  private sent = false
  private answering = false
  private bodyHeld = false
  private answerHeld = false
  private received = 0
  private silence = 0
  /** What the answer’s `Connection` names. */
  readonly onFault = (error: unknown): string | null => this.owner.exchange.onFault(error)
  private answerNames: ReadonlySet<string> | null = null
  /** The answer says that the request was taken. */
  private accepted = false
  /** The answer has been given to its end, and the backend goes on to read the request's body. */
  private finishing = false
  private pipe: BytePipe | null = null
  private readonly progress = new Progress()

  constructor(owner: TransferOwner, wheel: TimerWheel) {
    this.owner = owner
    this.wheel = wheel
    this.timer = new Timer(wheel, () => this.onTime(), this)
  }

  /**
   * Begins. `reuse`: an idle connection may be taken, since the request may be repeated should that turn out to be dead.
   * `timeout`: for a new connection, in ms. `head`: what one for this client alone begins with; null: nothing.
   */
  start(pool: BackendPool, reuse: boolean, target: DialTarget, timeout: number, head: Buffer | null): void {
    const own = this.own.take(pool)
    this.pool = pool
    this.active = true
    this.sent = false
    this.answering = false
    this.finishing = false
    this.bodyHeld = false
    this.answerHeld = false
    this.received = 0
    this.owner.exchange.listen(this)
    const ready = own ?? (reuse && head === null ? pool.takeIdle(target) : null)
    if (ready !== null) this.onConnection(ready)
    else this.wish = pool.connect(this, target, timeout, head)
  }

  /** The client's connection is gone, so that nothing will be started any more. */
  close(): void {
    this.timer.clear()
    this.own.close()
  }

  onConnection(connection: BackendConnection): void {
    const { owner } = this
    this.wish = null
    this.connection = connection
    connection.begin(this, owner.head.method === 'HEAD')
    if (bringsIdentity(owner.head.lines)) connection.knowsClient = true
    connection.outlet.put(owner.requestText())
    if (owner.head.body === 'none') {
      this.sent = true
      this.timer.set(owner.timeouts.response)
    } else {
      this.timer.set(owner.head.expectsContinue ? owner.timeouts.response : owner.timeouts.idle)
      owner.exchange.readBody()
    }
    if (this.connection === connection) connection.outlet.flush()
  }

  onNoConnection(error: BackendError): void {
    this.wish = null
    this.over({ kind: 'failed', error, reusedConnection: false })
  }

  onBody(buffer: Buffer, body: BodyReader): void {
    const { connection, owner } = this
    if (connection === null) return
    this.received += body.size
    owner.onBytesIn(body.size)
    // Nothing more is sent, and the end never reaches the backend.
    if (this.received > (owner.maxBody ?? Number.POSITIVE_INFINITY)) return this.stopBody({ kind: 'too-large' })
    if (owner.head.body === 'chunked') connection.outlet.passChunk(buffer, body.ranges, body.size)
    else connection.outlet.pass(buffer, body.ranges)
    this.timer.set(this.answering ? this.silence : owner.timeouts.idle)
  }

  onBodyEnd(trailers: readonly string[]): void {
    const { connection, owner } = this
    if (connection === null) return
    const { body, lines } = owner.head
    if (body === 'chunked') connection.outlet.put(lastChunk(passedTrailers(trailers, lines.connection, owner.requestRules)))
    this.sent = true
    if (this.finishing) this.handBack(connection)
    else if (!this.answering) this.timer.set(owner.timeouts.response)
  }

  onBodyPause(): void {
    const { connection } = this
    if (connection === null) return
    connection.outlet.flush()
    if (this.sent || !connection.outlet.full) return
    this.bodyHeld = true
    this.progress.begin(unsent(connection.socket))
    this.owner.exchange.pauseBody()
  }

  onBodyBad(fault: string): void {
    this.stopBody({ kind: 'bad-body', fault })
  }

  onClientGone(gone: ClientGone): void {
    const during = goneWhile(gone, this.phase)
    if (this.pipe !== null) this.pipe.cut(during)
    else this.abandon({ kind: 'client-gone', ...during })
  }

  onBackendDrain(): void {
    if (!this.bodyHeld) return
    this.bodyHeld = false
    this.owner.exchange.resumeBody()
  }

  onInterim(head: ResponseHead): void {
    const { owner } = this
    if (head.status !== 100) return owner.exchange.inform(head.status, head.reason, buildAnswerFields(head, owner.answerRules, owner))
    if (!owner.head.expectsContinue || this.received > 0) return
    owner.exchange.inform(100, 'Continue', [])
    this.timer.set(owner.timeouts.idle)
  }

  onAnswer(head: ResponseHead, framing: Framing): void {
    const { owner } = this
    this.answering = true
    this.accepted = head.status < 300
    if (this.connection !== null && asksForIdentity(head)) this.connection.knowsClient = true
    this.answerNames = head.lines.connection
    owner.onFirstByte(head.status)
    this.silence = isEventStream(head) ? owner.timeouts.tunnel : owner.timeouts.idle
    this.timer.set(this.silence)
    // What the client may have sent for the other protocol is no request.
    if (owner.upgrade) owner.exchange.closeAfter()
    owner.exchange.answer(head.status, head.reason, answerFields(head, owner), framing)
  }

  onAnswerBody(buffer: Buffer, body: BodyReader): void {
    const { owner } = this
    owner.onBytesOut(body.size)
    owner.exchange.write(buffer, body)
    this.timer.set(this.silence)
  }

  onAnswerPause(): void {
    const { exchange } = this.owner
    exchange.flush()
    if (!exchange.full || this.connection === null || this.finishing) return
    this.answerHeld = true
    this.progress.begin(exchange.pending)
    this.connection.pause()
  }

  onClientDrain(): void {
    if (!this.answerHeld) return
    this.answerHeld = false
    this.timer.set(this.silence)
    this.connection?.resume()
  }

  onAnswerEnd(trailers: readonly string[]): void {
    const { connection, owner } = this
    const passed = passedTrailers(trailers, this.answerNames, owner.answerRules)
    // Who takes a request before it has ended, and keeps the connection, reads the rest of it (RFC 9112 §9.3), which counts.
    if (connection !== null && !this.sent && this.accepted && connection.keepsOpen && !owner.exchange.bodyOver) {
      this.finishing = true
      this.timer.set(this.silence)
      connection.await(this)
      return owner.exchange.end(passed, true)
    }
    // The end may begin the next request on the same connection, so this one has to be over before.
    this.handBack(connection)
    owner.exchange.end(passed)
  }

  private handBack(connection: BackendConnection | null): void {
    this.connection = null
    if (connection !== null) this.own.giveBack(connection, this.pool, this.sent)
    this.over(DONE)
  }

  onSwitch(head: ResponseHead, rest: Buffer): void {
    const { connection, owner } = this
    this.connection = null
    if (connection === null) return
    const protocol = head.lines.upgrade
    // The request comes first, to its end (RFC 9110 §7.8).
    if (!owner.upgrade || !this.sent || !isOffered(protocol, owner.head)) {
      connection.destroy()
      return this.over(unasked(connection.reused, this.sent))
    }
    this.timer.rest()
    owner.onFirstByte(101)
    const { pipe, early } = openTunnel(owner, head, protocol, connection, this.wheel, (over) => {
      this.pipe = null
      this.over({ kind: 'closed', ...over })
    })
    this.pipe = pipe
    pipe.open(early, rest)
  }

  onAnswerFailed(error: BackendError): void {
    const reusedConnection = this.connection?.reused ?? false
    this.connection = null
    if (this.finishing) return this.stopBody(DONE)
    if (!this.answering) return this.over({ kind: 'failed', error, reusedConnection })
    this.breakOff('backend', error.message)
  }

  private onTime(): void {
    const { owner, connection } = this
    const waiting = this.sent || (owner.head.expectsContinue && this.received === 0)
    // Whoever takes what is there, however slowly, is not silent.
    const pending = this.answerHeld ? owner.exchange.pending : this.bodyHeld && connection !== null ? unsent(connection.socket) : 0
    if (this.progress.isMade(pending)) return this.timer.set(this.answering ? this.silence : owner.timeouts.idle)
    if (this.finishing) return this.stopBody(DONE)
    if (this.answering) {
      // A client that does not read holds the backend back; then it is the client that was silent.
      const by = this.answerHeld ? 'client' : 'backend'
      return this.breakOff(by, `nothing came for ${Math.round(this.silence / 1000)} s in the middle of the answer`)
    }
    if (!waiting && !this.bodyHeld) return this.abandon({ kind: 'client-silent' })
    this.abandon(tooSlow(waiting ? owner.timeouts.response : owner.timeouts.idle))
  }

  private get phase(): string {
    if (this.pipe !== null) return PHASES.switched
    if (this.connection === null) return PHASES.connecting
    if (this.answering) return this.finishing ? PHASES.finishing : PHASES.answering
    return this.sent ? PHASES.waiting : PHASES.sending
  }

  /** No more of the body is taken. Where all of the answer has been given that is no failure any more. */
  private stopBody(outcome: ForwardOutcome): void {
    if (!this.finishing) return this.abandon(outcome)
    this.abandon(DONE)
    this.owner.exchange.listen(null)
  }

  private breakOff(by: 'backend' | 'client', reason: string): void {
    this.owner.exchange.flush()
    this.abandon({ kind: 'cut', by, reason })
    this.owner.exchange.cut()
  }

  /** Gives the backend's connection up. */
  private abandon(outcome: ForwardOutcome): void {
    if (this.wish !== null) this.wish.waiter = null
    this.wish = null
    this.connection?.destroy()
    this.connection = null
    this.over(outcome)
  }

  private over(outcome: ForwardOutcome): void {
    if (!this.active) return
    this.active = false
    this.timer.rest()
    this.owner.onOver(outcome)
  }
}
