import type { Socket } from 'node:net'
import { plainAddress } from '../../contract/address'
import { sizeText } from '../../contract/config/scalars'
import { BodyReader } from '../http/wire/body-reader'
import { FieldKind } from '../http/wire/field-kind'
import { describeBadByte, findBadByte, findHeadEnd, findLooseHeadEnd } from '../http/wire/head-end'
import { Outlet } from '../http/wire/outlet'
import { BAD_STATUS_LINE, parseLooseResponseHead, parseResponseHead, type ResponseHead } from '../http/wire/response-head-parser'
import type { ByteSink, Intake } from '../intake/intake'
import { guarded } from '../intake/border'
import { keepBytes } from '../intake/read-buffer'
import { failedWrite, readFirst, wasReset } from '../intake/read-first'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import type { AnswerSink } from './answer-sink'
import { BackendError, fromWireError } from '../../outbound/backend-error'

/** After a burst hundreds of idle connections would otherwise stay for good. */
const MAX_IDLE_MS = 30_000
/** The largest head of an answer, where its home names none. */
const MAX_HEAD = 32_768
/** So many interim answers before a final one; more are no honest server's. */
const MAX_INTERIM = 32

const START = Buffer.from('HTTP/1.')

/** Where a connection goes when its exchange is over, and what it tells when it dies in between. */
export interface ConnectionHome {
  /** The largest head of an answer, as the settings have it now. */
  readonly headBytes?: number
  remove(connection: BackendConnection): void
}

/** A connection to a backend: sends one request at a time and reads the answer to it. */
export class BackendConnection implements ByteSink {
  readonly socket: Socket
  readonly intake: Intake
  readonly outlet: Outlet
  /** Which generation of its pool it was made in. */
  readonly generation: number
  /** When it was made, in ms of `elapsed`, and where it leads. */
  readonly born: number
  readonly address: string
  /** Whether it has carried an exchange before the present one. */
  reused = false
  /** Whether the backend knows a client by this connection, so that it must carry nobody else's requests. */
  knowsClient = false
  private readonly home: ConnectionHome
  private readonly idle: Timer
  private readonly body = new BodyReader('backend')
  private sink: AnswerSink | null = null
  private held: Buffer | null = null
  private reading: 'head' | 'body' | 'close' | 'nothing' = 'head'
  private toHead = false
  private interim = 0
  private reusable = false
  private patience = MAX_IDLE_MS

  constructor(socket: Socket, intake: Intake, generation: number, home: ConnectionHome, wheel: TimerWheel) {
    this.socket = socket
    this.intake = intake
    this.outlet = new Outlet(socket)
    this.generation = generation
    this.born = wheel.now(1_000)
    this.address = plainAddress(socket.remoteAddress ?? '')
    this.home = home
    this.idle = new Timer(wheel, () => this.destroy(), this)
    intake.sink = this
    intake.socket = socket
    readFirst(socket)
    socket.resume()
    socket.on('end', this.onEnd)
    socket.on('error', this.onError)
    socket.on('close', this.onEnd)
    socket.on('drain', this.onDrain)
  }

  /** Whether a request can still be sent on it, as far as is known. */
  get usable(): boolean {
    return (
      this.patience > 0 && !this.socket.destroyed && failedWrite(this.socket) === undefined && this.socket.readable && this.socket.writable
    )
  }

  /** Whether another exchange may follow the one whose answer has just ended. */
  get keepsOpen(): boolean {
    return this.reusable && this.held === null && this.usable
  }

  /** From here on the answer to one request is awaited; the request itself is written through `outlet`. */
  begin(sink: AnswerSink, toHead: boolean): void {
    this.sink = sink
    this.toHead = toHead
    this.reading = 'head'
    this.interim = 0
    this.reusable = false
    this.idle.rest()
  }

  /** The answer has ended, but not the request: who sends it hears of room, and of the connection's end. */
  await(sink: AnswerSink): void {
    this.sink = sink
    this.reading = 'nothing'
    if (this.socket.isPaused()) this.socket.resume()
  }

  /** Waits for its next exchange, for a while, then closes. */
  rest(): void {
    this.sink = null
    this.reused = true
    if (this.socket.isPaused()) this.socket.resume()
    this.idle.set(this.patience)
  }

  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** Closes it; nobody is told any more. */
  destroy(): void {
    this.sink = null
    this.idle.clear()
    this.socket.destroy()
  }

  onFault(error: unknown): string | null {
    const { sink } = this
    this.destroy()
    this.home.remove(this)
    return sink?.onFault(error) ?? null
  }

  onBytes(buffer: Buffer, end: number): void {
    // Bytes that nobody asked for: whatever they are, the next answer must not begin with them.
    if (this.sink === null) return this.destroy()
    if (this.reading === 'nothing') return this.fail('it sent more than its answer')
    const { held } = this
    this.held = null
    if (held === null) this.read(buffer, end, 0)
    else this.read(Buffer.concat([held, buffer.subarray(0, end)]), held.length + end, held.length)
    this.sink?.onAnswerPause()
  }

  /** Reads what came, up to `last`; `seen` bytes of it were looked at before. */
  private read(buffer: Buffer, last: number, seen: number): void {
    let at = 0
    const { headBytes = MAX_HEAD } = this.home
    while (this.sink !== null && this.reading === 'head') {
      let end = findHeadEnd(buffer, Math.max(at, seen - 3), last)
      let head = end === -1 || end - at > headBytes ? null : parseResponseHead(buffer, at, end)
      if (head === null) {
        // Seldom: it is not all there, or only with some liberties an answer's head; then it may have ended before, too.
        end = findLooseHeadEnd(buffer, at, Math.max(at, seen), last)
        if ((end === -1 ? last : end) - at > headBytes)
          return this.fail(`the answer’s head is over ${sizeText(headBytes)}: settings.limits.answerHeaderBytes says how large it may be`)
        if (end === -1) return this.hold(buffer, at, Math.max(at, seen - 1), last)
        const loose = parseLooseResponseHead(buffer, at, end)
        if (!loose.ok) return this.fail(`the answer is not valid HTTP: ${loose.reason}`)
        head = loose
      }
      at = end
      if (head.status < 200) {
        if (this.takeInterim(head, buffer, at, last)) return
      } else {
        this.takeFinal(head, at < last)
        if (this.reading === 'head') return
      }
    }
    if (this.sink !== null) this.readBody(buffer, at, last)
  }

  /** Keeps the beginning of a head for when more comes, where it can still become one. */
  private hold(buffer: Buffer, at: number, from: number, last: number): void {
    const bad = startsOtherwise(buffer, at, last) ? at : findBadByte(buffer, at, from, last, true)
    if (bad !== -1) return this.fail(`the answer is not valid HTTP: ${describeBadByte(buffer, at, bad, last, BAD_STATUS_LINE)}`)
    if (last > at) this.held = keepBytes(buffer, at, last)
  }

  private readBody(buffer: Buffer, at: number, last: number): void {
    if (at >= last) return
    const verdict = this.body.push(buffer, at, last)
    if (verdict === 'bad') return this.fail(`the answer’s body is not valid HTTP: ${this.body.fault}`)
    if (this.body.size > 0) this.sink?.onAnswerBody(buffer, this.body)
    if (verdict === 'more') return
    if (this.body.position < last) this.reusable = false
    this.finish(this.body.trailers)
  }

  /** True where nothing is left to read for it. */
  private takeInterim(head: ResponseHead, buffer: Buffer, at: number, last: number): boolean {
    if (head.status === 101) {
      const { sink } = this
      this.letGo()
      sink?.onSwitch(head, keepBytes(buffer, at, last))
      return true
    }
    this.interim += 1
    if (this.interim > MAX_INTERIM) {
      this.fail('it sent interim answers without end')
      return true
    }
    this.sink?.onInterim(head)
    return false
  }

  private takeFinal(head: ResponseHead, more: boolean): void {
    const { status } = head
    const bodyless = this.toHead || status === 204 || status === 304
    const framing = bodyless || (head.body === 'length' && head.length === 0) ? 'none' : head.body
    // A coding where there can be no body, or bytes after the end: what follows on the connection could be anything.
    this.reusable = head.keepAlive && framing !== 'close' && !(bodyless && head.lines.chunked) && !(framing === 'none' && more)
    this.patience = patienceOf(head)
    this.reading = framing === 'close' ? 'close' : 'body'
    this.body.begin(framing, head.length)
    this.sink?.onAnswer(head, framing)
    if (framing === 'none') this.finish([])
  }

  private finish(trailers: readonly string[]): void {
    const { sink } = this
    this.sink = null
    this.reading = 'head'
    sink?.onAnswerEnd(trailers)
  }

  private readonly onEnd = guarded(this, (): void => {
    this.idle.clear()
    const { sink } = this
    if (sink === null) {
      this.home.remove(this)
      return void this.socket.destroy()
    }
    // One that was reset ends as well once its last bytes have been read.
    if (this.reading === 'close' && !this.socket.errored && !wasReset(this.socket)) {
      this.reusable = false
      this.finish([])
      return
    }
    this.destroy()
    sink.onAnswerFailed(this.ended(new Error('end')))
  })

  private readonly onError = guarded(this, (error: NodeJS.ErrnoException): void => {
    const { sink } = this
    if (sink === null) return
    this.sink = null
    sink.onAnswerFailed(this.ended(error))
  })

  private readonly onDrain = guarded(this, (): void => this.sink?.onBackendDrain())

  private ended(error: NodeJS.ErrnoException): BackendError {
    if (this.reading === 'head') return fromWireError(error, this.held !== null || this.interim > 0)
    return new BackendError('garbage', 'the connection was closed in the middle of the answer', false)
  }

  private fail(message: string): void {
    const { sink } = this
    this.destroy()
    sink?.onAnswerFailed(new BackendError('garbage', message, false))
  }

  /** Leaves the socket to somebody else. */
  private letGo(): void {
    this.sink = null
    this.idle.clear()
    this.intake.sink = null
    this.socket.off('end', this.onEnd).off('close', this.onEnd).off('drain', this.onDrain)
  }
}

/** Whether what came can no longer become an answer of HTTP/1: what speaks another protocol often says little and waits. */
function startsOtherwise(buffer: Buffer, at: number, last: number): boolean {
  const known = Math.min(START.length, last - at)
  return buffer.compare(START, 0, known, at, at + known) !== 0
}

/** How long it may wait idle, in ms: a second less than the backend itself does, where it says so (`Keep-Alive: timeout=5`). */
function patienceOf({ lines: { fields, kinds } }: ResponseHead): number {
  const at = kinds.indexOf(FieldKind.keepAlive)
  if (at === -1) return MAX_IDLE_MS
  const seconds = /(?:^|[\s,;])timeout=(\d{1,9})/i.exec(fields[2 * at + 1] ?? '')?.[1]
  return seconds === undefined ? MAX_IDLE_MS : Math.min(MAX_IDLE_MS, (Number(seconds) - 1) * 1_000)
}
