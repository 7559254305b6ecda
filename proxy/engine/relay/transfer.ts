import type { AnswerSink } from '../backend/answer-sink'
import type { BackendConnection } from '../backend/backend-connection'
import { BackendError } from '../../outbound/backend-error'
import type { DialTarget } from '../../outbound/dialer'
import type { BackendPool, ConnectionWaiter, Wish } from '../backend/backend-pool'
import { buildAnswerFields, type ViewSource } from '../http/answer-head'
import type { HeaderRules } from '../http/header-rules'
import { passedTrailers } from '../http/trailers'
import type { BodyReader } from '../http/wire/body-reader'
import { isOffered } from '../http/upgrade'
import { FieldKind } from '../http/wire/field-kind'
import type { Framing } from '../http/wire/field-lines'
import type { RequestHead } from '../http/wire/request-head-parser'
import type { ResponseHead } from '../http/wire/response-head-parser'
import type { BodySink, Exchange } from '../visit/exchange'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import { DONE, type ForwardOutcome } from './outcome'
import { asksForIdentity, bringsIdentity } from './connection-identity'
import { Tunnel } from './tunnel'

/** What is carried, and who hears of it. */
export interface TransferOwner extends ViewSource {
  readonly exchange: Exchange
  readonly head: RequestHead
  /** Whether it offers to switch to another protocol. */
  readonly upgrade: boolean
  /** The head that the backend gets. */
  requestText(): string
  readonly requestRules: HeaderRules | null
  readonly answerRules: HeaderRules | null
  /** Durations in ms, as the service sets them. */
  readonly timeouts: { readonly response: number; readonly idle: number; readonly tunnel: number }
  /** Bytes; above it the request is cut off. */
  readonly maxBody: number | undefined
  /** A cookie of the gateway's own that the answer brings; null: none. */
  readonly setCookie: string | null
  onFirstByte(status: number): void
  onBytesIn(count: number): void
  onBytesOut(count: number): void
  /** Called exactly once for each start, when nothing more will happen. */
  onOver(outcome: ForwardOutcome): void
}

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
  /** A connection on which the backend knows this client, idle, and where it leads. */
  private own: BackendConnection | null = null
  private ownPool: BackendPool | null = null
  private active = false
  private sent = false
  private bodyBegun = false
  private answering = false
  private bodyHeld = false
  private answerHeld = false
  private received = 0
  private silence = 0
  /** What the answer’s `Connection` names. */
  private answerNames: readonly string[] | null = null

  constructor(owner: TransferOwner, wheel: TimerWheel) {
    this.owner = owner
    this.wheel = wheel
    this.timer = new Timer(wheel, () => this.onTime())
  }

  /**
   * Begins. `reuse`: an idle connection may be taken, since the request may be repeated should that turn out to be dead.
   * `timeout`: for a new connection, in ms. `head`: what one for this client alone begins with; null: nothing.
   */
  start(pool: BackendPool, reuse: boolean, target: DialTarget, timeout: number, head: Buffer | null): void {
    const own = this.takeOwn(pool)
    this.pool = pool
    this.active = true
    this.sent = false
    this.bodyBegun = false
    this.answering = false
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
    this.own?.destroy()
    this.own = null
  }

  /** Whether the client's next request has to go over the connection that this one went over. */
  get keepsOwn(): boolean {
    return this.own !== null
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
    this.bodyBegun = true
    this.received += body.size
    owner.onBytesIn(body.size)
    // Nothing more is sent, and the end never reaches the backend.
    if (this.received > (owner.maxBody ?? Number.POSITIVE_INFINITY)) return this.abandon({ kind: 'too-large' })
    if (owner.head.body === 'chunked') connection.outlet.passChunk(buffer, body.ranges, body.size)
    else connection.outlet.pass(buffer, body.ranges)
    if (!this.answering) this.timer.set(owner.timeouts.idle)
  }

  onBodyEnd(trailers: readonly string[]): void {
    const { connection, owner } = this
    if (connection === null) return
    const { body, lines: head } = owner.head
    if (body === 'chunked') connection.outlet.put(`0\r\n${lines(passedTrailers(trailers, head.connection, owner.requestRules))}\r\n`)
    this.sent = true
    if (!this.answering) this.timer.set(owner.timeouts.response)
  }

  onBodyPause(): void {
    const { connection } = this
    if (connection === null) return
    connection.outlet.flush()
    if (this.sent || !connection.outlet.full) return
    this.bodyHeld = true
    this.owner.exchange.pauseBody()
  }

  onBodyBad(fault: string): void {
    this.abandon({ kind: 'bad-body', fault })
  }

  onClientGone(): void {
    this.abandon({ kind: 'client-gone' })
  }

  onBackendDrain(): void {
    if (!this.bodyHeld) return
    this.bodyHeld = false
    this.owner.exchange.resumeBody()
  }

  onInterim(head: ResponseHead): void {
    const { owner } = this
    if (head.status !== 100) return owner.exchange.inform(head.status, head.reason, buildAnswerFields(head, owner.answerRules, owner))
    if (!owner.head.expectsContinue || this.bodyBegun) return
    owner.exchange.inform(100, 'Continue', [])
    this.timer.set(owner.timeouts.idle)
  }

  onAnswer(head: ResponseHead, framing: Framing): void {
    const { owner } = this
    this.answering = true
    if ((head.status === 401 || head.status === 407) && this.connection !== null && asksForIdentity(head.lines))
      this.connection.knowsClient = true
    this.answerNames = head.lines.connection
    owner.onFirstByte(head.status)
    this.silence = isEventStream(head) ? owner.timeouts.tunnel : owner.timeouts.idle
    this.timer.set(this.silence)
    // What the client may have sent for the other protocol is no request.
    if (owner.upgrade) owner.exchange.closeAfter()
    owner.exchange.answer(head.status, head.reason, this.fieldsOf(head), framing)
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
    if (!exchange.full || this.connection === null) return
    this.answerHeld = true
    this.connection.pause()
  }

  onClientDrain(): void {
    if (!this.answerHeld) return
    this.answerHeld = false
    this.timer.set(this.silence)
    this.connection?.resume()
  }

  onAnswerEnd(trailers: readonly string[]): void {
    const { connection, owner, pool } = this
    this.connection = null
    if (connection !== null) {
      if (!this.sent || !connection.keepsOpen) connection.destroy()
      else if (connection.knowsClient) this.keep(connection)
      else pool?.release(connection)
    }
    // The end may begin the next request on the same connection, so this one has to be over before.
    const { exchange } = owner
    const passed = passedTrailers(trailers, this.answerNames, owner.answerRules)
    this.over(DONE)
    exchange.end(passed)
  }

  onSwitch(head: ResponseHead, rest: Buffer): void {
    const { connection, owner } = this
    this.connection = null
    if (connection === null) return
    const protocol = head.lines.upgrade
    // The request comes first, to its end (RFC 9110 §7.8).
    if (!owner.upgrade || !this.sent || !isOffered(protocol, owner.head)) {
      connection.destroy()
      const error = new BackendError('garbage', this.sent ? 'it switched protocols unasked' : 'it switched protocols too early', false)
      return this.over({ kind: 'failed', error, reusedConnection: connection.reused })
    }
    this.timer.clear()
    this.active = false
    owner.onFirstByte(101)
    const { socket, intake, early } = owner.exchange.switchProtocols([...this.fieldsOf(head), 'Connection', 'Upgrade', 'Upgrade', protocol])
    const tunnel = new Tunnel({ socket, intake }, connection, owner.timeouts.tunnel, this.wheel, {
      onBytesIn: (count) => owner.onBytesIn(count),
      onBytesOut: (count) => owner.onBytesOut(count),
      onEnd: () => owner.onOver(DONE),
    })
    tunnel.open(early, rest)
  }

  onAnswerFailed(error: BackendError): void {
    const reusedConnection = this.connection?.reused ?? false
    this.connection = null
    if (!this.answering) return this.over({ kind: 'failed', error, reusedConnection })
    this.breakOff('backend', error.message)
  }

  /** The answer's fields, with the cookie that keeps the visitor on its backend: such an answer is nobody else's. */
  private fieldsOf(head: ResponseHead): string[] {
    const { owner } = this
    const fields = buildAnswerFields(head, owner.answerRules, owner)
    if (owner.setCookie === null) return fields
    fields.push('Set-Cookie', owner.setCookie)
    if (!fields.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'cache-control')) fields.push('Cache-Control', 'private')
    return fields
  }

  /** The client's own connection, where it leads to the same backend; one that leads elsewhere is of no use any more. */
  private takeOwn(pool: BackendPool): BackendConnection | null {
    const { own } = this
    this.own = null
    if (own === null || (this.ownPool === pool && own.usable)) return own
    own.destroy()
    return null
  }

  private keep(connection: BackendConnection): void {
    connection.rest()
    this.own = connection
    this.ownPool = this.pool
  }

  private onTime(): void {
    const { owner, connection } = this
    if (this.answering) {
      // A client that does not read holds the backend back; then it is the client that was silent.
      const reason = `nothing came for ${Math.round(this.silence / 1000)} s in the middle of the answer`
      return this.breakOff(owner.exchange.full ? 'client' : 'backend', reason)
    }
    const waiting = this.sent || (owner.head.expectsContinue && !this.bodyBegun)
    if (!waiting && connection?.outlet.full !== true) return this.abandon({ kind: 'client-silent' })
    const ms = waiting ? owner.timeouts.response : owner.timeouts.idle
    const error = new BackendError('slow', `no answer within ${Math.round(ms / 100) / 10} s`, false)
    this.abandon({ kind: 'failed', error, reusedConnection: false })
  }

  private breakOff(by: 'backend' | 'client', reason: string): void {
    const { exchange } = this.owner
    exchange.flush()
    this.abandon({ kind: 'cut', by, reason })
    exchange.cut()
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

function isEventStream({ lines: { fields, kinds } }: ResponseHead): boolean {
  for (let index = 0; index < kinds.length; index++)
    if (kinds[index] === FieldKind.contentType) return isEventStreamType(fields[2 * index + 1] ?? '')
  return false
}

/** The fifth letter tells it from `text/html` and `text/plain`. */
function isEventStreamType(type: string): boolean {
  return (type.charCodeAt(5) | 0x20) === 0x65 && /^text\/event-stream/i.test(type)
}

function lines(fields: readonly string[]): string {
  let text = ''
  for (let index = 0; index + 1 < fields.length; index += 2) text += `${fields[index] ?? ''}: ${fields[index + 1] ?? ''}\r\n`
  return text
}
