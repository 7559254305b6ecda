import type { Socket } from 'node:net'
import type { Standing } from '../edge/standing'
import { BodyReader } from '../http/wire/body-reader'
import type { Framing } from '../http/wire/field-lines'
import { findBadByte, findHeadEnd, skipEmptyLines } from '../http/wire/head-end'
import { glimpse } from '../http/wire/glimpse'
import { parseRequestHead, type RequestHead } from '../http/wire/request-head-parser'
import type { ByteSink, Intake } from '../intake/intake'
import { guarded } from '../intake/border'
import { keepBytes } from '../intake/read-buffer'
import { CLIENT_LEFT, type BodySink } from '../visit/exchange'
import { Timer } from '../time/timer-wheel'
import { headTime, restTime, SHORT_REST, UNWANTED_BODY_MS } from './bounds'
import { ClientAnswer } from './client-answer'
import type { ClientConnectionHome, RequestRunner } from './connection-home'
import { GoneWatch } from './gone-watch'
import { badByte, overLimit, type HeadFault } from './head-fault'
import { Parting } from './parting'

/**
 * A client's connection: reads requests one after the other, each after the answer to the one before (RFC 9112 §9.3), and
 * gives each to its listener as an exchange.
 */
export class ClientConnection extends ClientAnswer implements ByteSink {
  readonly intake: Intake
  readonly port: number
  /** What the pipeline keeps for this connection from request to request. */
  pipeline: RequestRunner | null = null
  private readonly home: ClientConnectionHome<ClientConnection>
  private readonly timer: Timer
  private readonly body = new BodyReader('client')
  private state: 'ready' | 'exchange' | 'closing' | 'switched' = 'ready'
  private bodyOpen = false
  private halfClosed = false
  private looping = false
  private gone: GoneWatch | null = null
  private parting: Parting | null = null

  constructor(socket: Socket, intake: Intake, standing: Standing, home: ClientConnectionHome<ClientConnection>) {
    super(socket, standing)
    this.intake = intake
    this.port = home.port
    this.home = home
    this.onBroken = (sink) => home.onBroken(this, sink)
    this.timer = new Timer(home.wheel, () => this.onTime(), this)
    this.timer.set(headTime(standing.isRefused))
    intake.sink = this
    socket.resume()
    socket.on('end', this.onEnd).on('drain', this.onDrain).once('close', this.onClose)
    socket.on('error', () => undefined) // a reset is nobody's fault; `close` follows
  }

  get listener(): string {
    return this.home.id
  }

  /** Closes it if it waits for a request. */
  closeIdle(): void {
    if (this.state === 'ready' && this.held === null) this.close()
  }

  listen(sink: BodySink | null): void {
    this.sink = sink
    // Without anybody who takes it the body is dropped as it comes.
    if (sink === null && !this.bodyComplete && this.state === 'exchange') this.dropBody()
  }

  readBody(): void {
    if (this.bodyComplete) return
    this.bodyOpen = true
    const { held } = this
    this.held = null
    if (this.socket.isPaused()) this.socket.resume()
    if (held !== null) this.takeBody(held, held.length)
    if (this.halfClosed && this.bodyOpen) this.bodyBroken()
  }

  pauseBody(): void {
    this.socket.pause()
  }

  resumeBody(): void {
    this.socket.resume()
  }

  override answer(status: number, reason: string, fields: readonly string[], framing: Framing): void {
    // Who is answered in the middle of a long body is told to stop (RFC 9112 §9.3): the rest would have to be read first.
    if (this.isLast || (!this.bodyComplete && this.body.remaining > SHORT_REST)) this.keepAlive = false
    super.answer(status, reason, fields, framing)
  }

  /** `reason`: why the gateway breaks it off, where whoever answers does not know yet. Nothing of this client runs afterwards. */
  override cut(reason: string | null = null): void {
    const { sink } = this
    this.sink = null
    this.held = null
    this.bodyOpen = false
    this.state = 'closing'
    if (reason !== null) sink?.onClientGone({ by: 'gateway', reason })
    super.cut()
  }

  switchProtocols(fields: readonly string[]): { socket: Socket; intake: Intake; early: Buffer } {
    this.state = 'switched'
    this.timer.clear()
    this.putSwitch(fields)
    super.flush()
    this.intake.sink = null
    this.socket.off('end', this.onEnd).off('drain', this.onDrain)
    const early = this.held ?? Buffer.alloc(0)
    this.held = null
    return { socket: this.socket, intake: this.intake, early }
  }

  /** The answer has been written; what comes next depends on the request's body and both sides' wishes. */
  protected override answerEnded(bodyGoesOn = false): void {
    if (this.state !== 'exchange' || (bodyGoesOn && !this.bodyOver)) return
    // A head that was sent before the drain may have promised to take another request, which a close now would lose.
    if (this.isLast && !(this.home.patient && !this.halfClosed)) this.keepAlive = false
    this.sink = null
    if (!this.bodyComplete) return this.dropBody()
    if (!this.keepAlive) return this.close()
    this.state = 'ready'
    this.standing.rests(this.home.wheel.now(this.home.keepAliveMs))
    this.timer.set(restTime(this.standing.isRefused, this.home.keepAliveMs))
    if (this.socket.isPaused()) this.socket.resume()
    if (!this.looping) this.readHeld()
  }

  override get bodyOver(): boolean {
    return this.bodyComplete || this.bodyAwaited || (this.halfClosed && !this.bodyOpen && this.held === null)
  }

  /** Whether no further request can follow the present one. */
  private get isLast(): boolean {
    return this.home.draining || (this.halfClosed && this.held === null)
  }

  onBytes(buffer: Buffer, end: number): void {
    if (this.state === 'closing') return this.parting?.linger()
    if (this.bodyOpen) return this.takeBody(buffer, end)
    const { held } = this
    if (held === null && this.state === 'ready' && !this.full) return this.readHeads(buffer, end, 0)
    this.held = held === null ? keepBytes(buffer, 0, end) : Buffer.concat([held, buffer.subarray(0, end)])
    if (this.state === 'ready' && !this.full) this.readHeld(held?.length ?? 0)
    else if (this.isAhead) this.socket.pause()
  }

  /** Reads on in what is held; `seen` bytes of it were looked at before. */
  private readHeld(seen = 0): void {
    if (this.held !== null) this.readHeads(this.held, this.held.length, seen)
  }

  /** Reads requests from what came, up to `last`, as long as each is answered at once, and holds the rest. */
  private readHeads(buffer: Buffer, last: number, seen: number): void {
    // One that is being destroyed still tells of what came before: nothing may begin on it.
    if (this.socket.destroyed) return
    this.looping = true
    let more = this.readHead(buffer, last, seen)
    // A client that does not read its answers is asked to no more of them: each would wait here in memory.
    while (more && this.state === 'ready' && this.held !== null && !this.full) more = this.readHead(this.held, this.held.length, 0)
    this.looping = false
    // What is left of a client that ended its half is half a request.
    if (this.halfClosed && this.state === 'ready' && !this.full) this.close()
  }

  private readHead(buffer: Buffer, last: number, seen: number): boolean {
    const start = skipEmptyLines(buffer, last)
    if (start >= last) {
      this.held = null
      return false
    }
    const end = findHeadEnd(buffer, Math.max(start, seen - 3), last)
    const size = (end === -1 ? last : end) - start
    if (size > this.home.headerBytes) return this.fault(overLimit(buffer, start, last, this.home.headerBytes), buffer, start, last)
    if (end === -1) {
      const bad = findBadByte(buffer, start, Math.max(start, seen - 1), last, false)
      if (bad !== -1) return this.fault(badByte(buffer, start, bad, last), buffer, start, last)
      if (seen === 0) this.timer.set(headTime(this.standing.isRefused))
      this.standing.asks()
      // Without empty lines before it: nothing else bounds how many there are.
      if (buffer !== this.held || start > 0) this.held = keepBytes(buffer, start, last)
      this.countHeld()
      return false
    }
    const head = parseRequestHead(buffer, start, end)
    this.held = end < last ? keepBytes(buffer, end, last) : null
    if (!head.ok) return this.fault(head, buffer, start, end)
    this.begin(head)
    return true
  }

  private begin(head: RequestHead): void {
    this.standing.begins()
    this.state = 'exchange'
    this.timer.rest()
    this.gone?.begin()
    this.bodyOpen = false
    this.bodyComplete = head.body === 'none'
    this.bodyAwaited = head.expectsContinue
    if (!this.bodyComplete) this.body.begin(head.body, head.length)
    this.expect(head, this.home.draining)
    this.home.onRequest(this, head)
  }

  private fault(fault: HeadFault, buffer: Buffer, start: number, last: number): false {
    this.standing.begins()
    this.state = 'exchange'
    this.held = null
    this.bodyComplete = true
    this.expectNothing()
    this.home.onFault(this, fault, glimpse(buffer, start, last))
    return false
  }

  private takeBody(buffer: Buffer, last: number): void {
    this.bodyAwaited = false
    const verdict = this.body.push(buffer, 0, last)
    const { sink } = this
    if (verdict === 'bad') {
      this.bodyOpen = false
      this.closeAfter()
      if (sink === null && this.answerDone) return this.close()
      return sink?.onBodyBad(this.body.fault)
    }
    if (this.body.size > 0) sink?.onBody(buffer, this.body)
    if (verdict === 'done') this.bodyEnded(buffer, last)
    this.sink?.onBodyPause()
  }

  private bodyEnded(buffer: Buffer, last: number): void {
    this.bodyOpen = false
    this.bodyComplete = true
    if (this.body.position < last) this.held = keepBytes(buffer, this.body.position, last)
    this.sink?.onBodyEnd(this.body.trailers)
    if (this.answerDone) this.answerEnded()
  }

  /** Half a request can never be finished, but where its answer has begun that is still the client's. */
  private bodyBroken(): void {
    this.bodyOpen = false
    if (this.sink !== null && !this.answered) return void this.socket.destroy()
    this.closeAfter()
    if (!this.answerDone) return
    this.sink?.onClientGone(CLIENT_LEFT)
    this.close()
  }

  private dropBody(): void {
    if (this.answerDone && !this.keepAlive) return this.close()
    this.timer.set(UNWANTED_BODY_MS)
    this.readBody()
  }

  private close(): void {
    if (this.state === 'closing') return
    this.state = 'closing'
    this.held = null
    this.bodyOpen = false
    this.sink = null
    this.parting = new Parting(this.socket, this.timer, this.halfClosed)
  }

  private onTime(): void {
    const { held } = this
    if (this.state === 'ready' && held !== null)
      this.fault({ kind: 'too-slow', reason: 'the head did not come in time' }, held, 0, held.length)
    else if (this.state === 'ready' || (this.state === 'exchange' && this.answerDone)) this.close()
    else if (this.state === 'exchange' && this.gone !== null) this.gone.onTime()
    else if (this.parting !== null) this.parting.onTime()
    else this.socket.destroy()
  }

  private readonly onEnd = guarded(this, (): void => {
    this.halfClosed = true
    this.gone = new GoneWatch(this.timer, () => this.probe())
    if (this.state === 'ready' && this.held !== null && this.full) return
    if (this.state !== 'exchange') return this.socket.destroySoon()
    if (this.bodyOpen) this.bodyBroken()
    else if (!this.answerDone) this.gone.begin()
  })

  private readonly onDrain = guarded(this, (): void => {
    if (this.state !== 'ready') return this.sink?.onClientDrain()
    if (this.socket.isPaused()) this.socket.resume()
    this.readHeld()
  })

  private readonly onClose = guarded(this, (): void => {
    this.timer.clear()
    const { sink } = this
    this.sink = null
    if (this.state !== 'switched') {
      this.state = 'closing'
      sink?.onClientGone(CLIENT_LEFT)
    }
    this.pipeline?.close()
    this.home.onClosed(this)
  })
}
