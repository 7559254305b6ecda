import type { Socket } from 'node:net'
import type { Address } from '../../contract/address'
import { wallTime } from '../../contract/clock'
import type { Standing } from '../edge/standing'
import { httpDate } from '../http/date'
import type { BodyReader } from '../http/wire/body-reader'
import type { Framing } from '../http/wire/field-lines'
import { Outlet } from '../http/wire/outlet'
import type { RequestHead } from '../http/wire/request-head-parser'
import { BUFFERS, type Holder } from '../intake/buffers'
import type { Intake } from '../intake/intake'
import { reset } from '../intake/reset'
import { lastChunk } from '../http/trailers'
import { unsent } from '../intake/unsent'
import type { BodySink, Exchange } from '../visit/exchange'
import { MAX_AHEAD } from './bounds'

/** What every message to a client begins with. */
const VERSION = 'HTTP/1.1 '

/** The writing half of a client's connection: one answer at a time in HTTP/1.1, framed as the client can read it. */
export abstract class ClientAnswer implements Exchange, Holder {
  readonly socket: Socket
  readonly standing: Standing
  readonly peer: string
  readonly peerAddress: Address | null
  bodyComplete = true
  answered = false
  /** The answer has been written to its end. */
  protected answerDone = false
  protected keepAlive = true
  /** The client waits for 100 Continue before it sends the body. */
  protected bodyAwaited = false
  /** What came and is not read yet: the beginning of a head, or what is ahead of its turn. */
  protected held: Buffer | null = null
  private readonly outlet: Outlet
  private framing: Framing = 'none'
  private minor: 0 | 1 = 1
  private toHead = false
  /** Letters of the next message that a probe has sent. */
  private begun = 0

  constructor(socket: Socket, standing: Standing) {
    this.socket = socket
    this.standing = standing
    this.peer = standing.peer
    this.peerAddress = standing.address
    this.outlet = new Outlet(socket)
  }

  get full(): boolean {
    return this.outlet.full
  }

  get waiting(): number {
    return this.socket.destroyed || this.held === null ? 0 : this.held.length
  }

  protected countHeld(): void {
    BUFFERS.note(this)
  }

  /** Whether so much has come ahead of its turn that the connection is no longer read. */
  protected get isAhead(): boolean {
    return BUFFERS.isFull(this, MAX_AHEAD)
  }

  get pending(): number {
    return unsent(this.socket)
  }

  abstract readonly bodyOver: boolean
  abstract listen(sink: BodySink | null): void
  abstract readBody(): void
  abstract pauseBody(): void
  abstract resumeBody(): void
  abstract switchProtocols(fields: readonly string[]): { socket: Socket; intake: Intake; early: Buffer }
  protected abstract answerEnded(bodyGoesOn: boolean): void

  inform(status: number, reason: string, fields: readonly string[]): void {
    if (this.minor === 0 || this.answered) return
    if (status === 100) this.bodyAwaited = false
    this.outlet.put(`${this.version()}${status} ${reason}\r\n${lines(fields)}\r\n`)
  }

  /** Who takes the request's body, and hears of its client. */
  protected sink: BodySink | null = null
  /** Ends what a fault of ours leaves undone; `sink` gives back what it holds. Gives the reference of the request. */
  protected onBroken: ((sink: BodySink | null) => string | null) | null = null

  onFault(): string | null {
    const { sink } = this
    this.sink = null
    return this.onBroken?.(sink) ?? null
  }

  answer(status: number, reason: string, fields: readonly string[], framing: Framing): void {
    this.answered = true
    const bodyless = this.toHead || status === 204 || status === 304
    this.framing = bodyless || framing === 'none' ? 'none' : framing === 'length' ? 'length' : this.minor === 1 ? 'chunked' : 'close'
    // An answer without a length to a client of HTTP/1.0 ends with the connection. One that waits to be told to send its
    // body may now send it or leave it: only a closed connection is not ambiguous (RFC 9110 §10.1.1).
    if (this.framing === 'close' || (this.bodyAwaited && !this.bodyComplete)) this.keepAlive = false
    let head = `${this.version()}${status} ${reason}\r\n`
    let dated = false
    for (let index = 0; index + 1 < fields.length; index += 2) {
      const name = fields[index] ?? ''
      if (name.length === 4 && name.toLowerCase() === 'date') dated = true
      head += `${name}: ${fields[index + 1] ?? ''}\r\n`
    }
    if (!dated) head += `Date: ${httpDate(wallTime())}\r\n`
    if (this.framing === 'chunked') head += 'Transfer-Encoding: chunked\r\n'
    // An answer without a body has to say so, or the client would wait for one until the connection ends.
    else if (framing === 'none' && !bodyless && !hasLength(fields)) head += 'Content-Length: 0\r\n'
    if (!this.keepAlive) head += 'Connection: close\r\n'
    else if (this.minor === 0) head += 'Connection: keep-alive\r\n'
    this.outlet.put(`${head}\r\n`)
  }

  write(buffer: Buffer, body: Pick<BodyReader, 'ranges' | 'size'>): void {
    if (this.framing === 'none') return
    if (this.framing === 'chunked') this.outlet.passChunk(buffer, body.ranges, body.size)
    else this.outlet.pass(buffer, body.ranges)
  }

  writeText(text: string): void {
    if (this.framing !== 'none') this.outlet.put(Buffer.from(text).toString('latin1'))
  }

  end(trailers: readonly string[], bodyGoesOn = false): void {
    if (this.framing === 'chunked') this.outlet.put(lastChunk(trailers))
    this.flush()
    // Only this end tells a client of HTTP/1.0 that it has all of the answer; what it still sends is read as before.
    if (bodyGoesOn && this.framing === 'close') this.socket.end()
    this.answerDone = true
    this.answerEnded(bodyGoesOn)
  }

  flush(): void {
    this.outlet.flush()
  }

  closeAfter(): void {
    this.keepAlive = false
  }

  cut(): void {
    // Where only the end of the connection tells that an answer is complete, it has to end in another way.
    if (this.framing === 'close') reset(this.socket)
    else this.socket.destroy()
  }

  /**
   * Sends a byte that a client which is there can only be sent, and that one which has gone answers with a reset: the next
   * letter of an answer that has not begun, or a leading zero of a chunk's size (RFC 9112 §7.1). False where there is none.
   */
  protected probe(): boolean {
    // What waits to be taken tells as well.
    if (this.socket.writableLength > 0) return true
    if (this.answered ? this.framing !== 'chunked' : this.begun === VERSION.length) return false
    this.outlet.put(this.answered ? '0' : VERSION.charAt(this.begun++))
    this.outlet.flush()
    return true
  }

  private version(): string {
    const rest = VERSION.slice(this.begun)
    this.begun = 0
    return rest
  }

  protected expect(head: RequestHead, last: boolean): void {
    this.answered = false
    this.answerDone = false
    this.minor = head.minor
    this.toHead = head.method === 'HEAD'
    this.keepAlive = head.keepAlive && !last
    this.framing = 'none'
  }

  /** What came was no request: an answer to it is the last. */
  protected expectNothing(): void {
    this.answered = false
    this.answerDone = false
    this.minor = 1
    this.toHead = false
    this.keepAlive = false
    this.framing = 'none'
  }

  protected putSwitch(fields: readonly string[]): void {
    this.answered = true
    this.outlet.put(`${this.version()}101 Switching Protocols\r\n${lines(fields)}\r\n`)
  }
}

function hasLength(fields: readonly string[]): boolean {
  for (let index = 0; index < fields.length; index += 2) if (fields[index]?.toLowerCase() === 'content-length') return true
  return false
}

function lines(fields: readonly string[]): string {
  let text = ''
  for (let index = 0; index + 1 < fields.length; index += 2) text += `${fields[index]}: ${fields[index + 1]}\r\n`
  return text
}
