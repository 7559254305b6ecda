import type { Socket } from 'node:net'
import type { Address } from '../../contract/address'
import { BodyReader } from '../http/wire/body-reader'
import type { Framing } from '../http/wire/field-lines'
import { describeBadByte, findBadByte, findHeadEnd } from '../http/wire/head-end'
import { glimpse } from '../http/wire/glimpse'
import { BAD_REQUEST_LINE, parseRequestHead, type RequestHead } from '../http/wire/request-head-parser'
import type { ByteSink, Intake } from '../intake/intake'
import { keepBytes } from '../intake/read-buffer'
import type { BodySink } from '../visit/exchange'
import { Timer } from '../time/timer-wheel'
import { ClientAnswer } from './client-answer'
import type { ClientConnectionHome, RequestRunner } from './connection-home'
import { overLimit, type HeadFault } from './head-fault'

/** From the first byte of a head, or the beginning of the connection, to the head's end. */
const HEAD_MS = 20_000
/** For a client that closed its half: so long it may go on to wait for a byte. It can as well have gone for good. */
const HALF_CLOSED_MS = 500
/** The rest of a body that nobody wants is read for so long, so that the client sees the answer and not a reset. */
const UNWANTED_BODY_MS = 5_000
/** A closed connection's last bytes may take so long to be taken. */
const LAST_BYTES_MS = 60_000
/** Then the client's own end is awaited for so long (lingering close, RFC 9112 §9.6). */
const LINGER_MS = 2_000
/** Bytes that may come ahead of their turn before the connection is no longer read. */
const MAX_AHEAD = 65_536

type State = 'ready' | 'exchange' | 'closing' | 'switched'

/**
 * A client's connection: reads requests one after the other, each after the answer to the one before (RFC 9112 §9.3), and
 * gives each to its listener as an exchange.
 */
export class ClientConnection extends ClientAnswer implements ByteSink {
  readonly intake: Intake
  readonly peer: string
  readonly peerAddress: Address | null
  readonly port: number
  /** What the pipeline keeps for this connection from request to request. */
  pipeline: RequestRunner | null = null
  private readonly home: ClientConnectionHome<ClientConnection>
  private readonly timer: Timer
  private readonly body = new BodyReader('client')
  private state: State = 'ready'
  private held: Buffer | null = null
  private sink: BodySink | null = null
  private bodyOpen = false
  private halfClosed = false
  private looping = false

  constructor(socket: Socket, intake: Intake, peer: string, peerAddress: Address | null, home: ClientConnectionHome<ClientConnection>) {
    super(socket)
    this.intake = intake
    this.peer = peer
    this.peerAddress = peerAddress
    this.port = home.port
    this.home = home
    this.timer = new Timer(home.wheel, () => this.onTime())
    this.timer.set(HEAD_MS)
    intake.sink = this
    socket.resume()
    socket.on('end', this.onEnd)
    socket.on('drain', this.onDrain)
    // A reset is nobody's fault; `close` follows.
    socket.on('error', () => undefined)
    socket.once('close', () => this.onClose())
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
  }

  pauseBody(): void {
    this.socket.pause()
  }

  resumeBody(): void {
    this.socket.resume()
  }

  override answer(status: number, reason: string, fields: readonly string[], framing: Framing): void {
    if (this.isLast) this.keepAlive = false
    super.answer(status, reason, fields, framing)
  }

  override flush(): void {
    super.flush()
    if (this.halfClosed && this.state === 'exchange') this.timer.set(HALF_CLOSED_MS)
  }

  switchProtocols(fields: readonly string[]): { socket: Socket; intake: Intake; early: Buffer } {
    this.state = 'switched'
    this.timer.clear()
    this.sink = null
    this.putSwitch(fields)
    super.flush()
    this.intake.sink = null
    this.socket.off('end', this.onEnd).off('drain', this.onDrain)
    const early = this.held ?? Buffer.alloc(0)
    this.held = null
    return { socket: this.socket, intake: this.intake, early }
  }

  /** The answer has been written; what comes next depends on the request's body and both sides' wishes. */
  protected override answerEnded(): void {
    if (this.state !== 'exchange') return
    if (this.isLast) this.keepAlive = false
    this.sink = null
    if (!this.keepAlive) return this.close()
    if (!this.bodyComplete) return this.dropBody()
    this.state = 'ready'
    this.timer.set(this.home.keepAliveMs)
    if (this.socket.isPaused()) this.socket.resume()
    if (!this.looping) this.readHeld()
  }

  /** Whether no further request can follow the present one. */
  private get isLast(): boolean {
    return this.home.draining || (this.halfClosed && this.held === null)
  }

  onBytes(buffer: Buffer, end: number): void {
    if (this.state === 'closing') return
    if (this.bodyOpen) return this.takeBody(buffer, end)
    const { held } = this
    if (held === null && this.state === 'ready' && !this.full) return this.readHeads(buffer, end, 0)
    this.held = held === null ? keepBytes(buffer, 0, end) : Buffer.concat([held, buffer.subarray(0, end)])
    if (this.state === 'ready' && !this.full) this.readHeld(held?.length ?? 0)
    else if (this.held.length > MAX_AHEAD) this.socket.pause()
  }

  /** Reads on in what is held; `seen` bytes of it were looked at before. */
  private readHeld(seen = 0): void {
    if (this.held !== null) this.readHeads(this.held, this.held.length, seen)
  }

  /** Reads requests from what came, up to `last`, as long as each is answered at once, and holds the rest. */
  private readHeads(buffer: Buffer, last: number, seen: number): void {
    this.looping = true
    let more = this.readHead(buffer, last, seen)
    // A client that does not read its answers is asked to no more of them: each would wait here in memory.
    while (more && this.state === 'ready' && this.held !== null && !this.full) more = this.readHead(this.held, this.held.length, 0)
    this.looping = false
    // What is left of a client that ended its half is half a request.
    if (this.halfClosed && this.state === 'ready' && !this.full) this.close()
  }

  private readHead(buffer: Buffer, last: number, seen: number): boolean {
    // Empty lines before a request are a bad habit of old clients (RFC 9112 §2.2).
    let start = 0
    while (start + 1 < last && buffer[start] === 0x0d && buffer[start + 1] === 0x0a) start += 2
    if (start >= last) {
      this.held = null
      return false
    }
    const end = findHeadEnd(buffer, Math.max(start, seen - 3), last)
    const size = (end === -1 ? last : end) - start
    if (size > this.home.headerBytes) return this.fault(overLimit(buffer, start, last, this.home.headerBytes), buffer, start, last)
    if (end === -1) {
      const bad = findBadByte(buffer, start, Math.max(start, seen - 1), last, false)
      if (bad !== -1)
        return this.fault({ kind: 'malformed', reason: describeBadByte(buffer, start, bad, last, BAD_REQUEST_LINE) }, buffer, start, last)
      if (seen === 0) this.timer.set(HEAD_MS)
      if (buffer !== this.held) this.held = keepBytes(buffer, 0, last)
      return false
    }
    const head = parseRequestHead(buffer, start, end)
    this.held = end < last ? keepBytes(buffer, end, last) : null
    if (!head.ok) return this.fault(head, buffer, start, end)
    this.begin(head)
    return true
  }

  private begin(head: RequestHead): void {
    this.state = 'exchange'
    if (this.halfClosed) this.timer.set(HALF_CLOSED_MS)
    else this.timer.rest()
    this.bodyOpen = false
    this.bodyComplete = head.body === 'none'
    this.bodyAwaited = head.expectsContinue
    if (!this.bodyComplete) this.body.begin(head.body, head.length)
    this.expect(head, this.home.draining)
    this.home.onRequest(this, head)
  }

  private fault(fault: HeadFault, buffer: Buffer, start: number, last: number): false {
    const came = glimpse(buffer, start, last)
    this.state = 'exchange'
    this.held = null
    this.bodyComplete = true
    this.expectNothing()
    this.home.onFault(this, fault, came)
    return false
  }

  private takeBody(buffer: Buffer, last: number): void {
    this.bodyAwaited = false
    const verdict = this.body.push(buffer, 0, last)
    const { sink } = this
    if (verdict === 'bad') {
      this.bodyOpen = false
      this.closeAfter()
      if (sink === null) return this.close()
      return sink.onBodyBad(this.body.fault)
    }
    if (this.body.size > 0) sink?.onBody(buffer, this.body)
    if (verdict === 'done') this.bodyEnded(buffer, last)
    this.sink?.onBodyPause()
  }

  private bodyEnded(buffer: Buffer, last: number): void {
    this.bodyOpen = false
    this.bodyComplete = true
    if (this.body.position < last) this.held = keepBytes(buffer, this.body.position, last)
    if (this.answerDone) this.answerEnded()
    else this.sink?.onBodyEnd(this.body.trailers)
  }

  private dropBody(): void {
    this.sink = null
    this.timer.set(UNWANTED_BODY_MS)
    this.readBody()
  }

  /** Sends what is written, then the end, then waits for the client's own (RFC 9112 §9.6). */
  private close(): void {
    if (this.state === 'closing') return
    this.state = 'closing'
    this.held = null
    this.bodyOpen = false
    this.sink = null
    this.timer.set(LAST_BYTES_MS)
    this.socket.end(() => this.timer.set(LINGER_MS))
    this.socket.resume()
    if (this.halfClosed) this.socket.destroySoon()
  }

  private onTime(): void {
    const { held } = this
    if (this.state === 'ready' && held !== null)
      this.fault({ kind: 'too-slow', reason: 'the head did not come in time' }, held, 0, held.length)
    else if (this.state === 'ready') this.close()
    // As long as bytes wait to be taken, a client that ended its half may be slow but is not known to have gone.
    else if (this.halfClosed && this.state === 'exchange' && this.socket.writableLength > 0) this.timer.set(HALF_CLOSED_MS)
    else this.socket.destroy()
  }

  private readonly onEnd = (): void => {
    this.halfClosed = true
    if (this.state === 'ready' && this.held !== null && this.full) return
    if (this.state !== 'exchange') return this.socket.destroySoon()
    // Half of a request can never be finished; a whole one may still be waited for.
    if (this.bodyComplete) this.timer.set(HALF_CLOSED_MS)
    else this.socket.destroy()
  }

  private readonly onDrain = (): void => {
    if (this.state !== 'ready') return this.sink?.onClientDrain()
    if (this.socket.isPaused()) this.socket.resume()
    this.readHeld()
  }

  private onClose(): void {
    this.timer.clear()
    const { sink } = this
    this.sink = null
    this.state = this.state === 'switched' ? 'switched' : 'closing'
    sink?.onClientGone()
    this.pipeline?.close()
    this.home.onClosed(this)
  }
}
