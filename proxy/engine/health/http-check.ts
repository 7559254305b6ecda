import { elapsed } from '../../contract/clock'
import type { Service } from '../../contract/config/service'
import type { AnswerSink } from '../backend/answer-sink'
import type { Backend } from '../backend/backend'
import { BackendConnection } from '../backend/backend-connection'
import type { BackendError } from '../../outbound/backend-error'
import type { Dialer } from '../../outbound/dialer'
import type { BodyReader } from '../http/wire/body-reader'
import type { ResponseHead } from '../http/wire/response-head-parser'
import { Intake } from '../intake/intake'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import type { CheckLine } from './check-line'

/** A wanted text has to be in the first so many bytes of the answer; of a longer one the rest is not read. */
const MAX_BODY = 65_536

/**
 * Whether the backend answers `GET path` with an expected status, and text, within the time-out; answers the reason where it
 * does not. Redirects are not followed. It reads on the engine's own
 * wire: a thousand watched backends are 200 checks a second, for which Node's client took twice the time.
 */
export function checkHttp(backend: Backend, service: Service, line: CheckLine, dialer: Dialer, wheel: TimerWheel): Promise<string | null> {
  const { speaker, live } = backend
  line.headBytes = live.pool.headBytes
  return new Promise((resolve) => {
    const anew = (): void => checkAnew(backend, service, line, dialer, wheel, resolve)
    const kept = line.take(speaker.identity)
    if (kept === null) anew()
    else new HttpCheck(service, line, resolve, anew).start(kept, speaker.checkText(), service.health.timeout, wheel)
  })
}

function checkAnew(
  { speaker }: Backend,
  service: Service,
  line: CheckLine,
  dialer: Dialer,
  wheel: TimerWheel,
  resolve: (reason: string | null) => void,
): void {
  const { timeout } = service.health
  const began = elapsed()
  const intake = new Intake()
  dialer.dial(
    speaker.target,
    { timeout, head: speaker.head(null), isCheck: true },
    (error, socket) => {
      if (socket === null) return resolve(error?.message ?? 'no connection')
      const left = Math.max(1, timeout - (elapsed() - began))
      const connection = new BackendConnection(socket, intake, 0, line, wheel)
      new HttpCheck(service, line, resolve, null).start(connection, speaker.checkText(), left, wheel)
    },
    intake,
  )
}

class HttpCheck implements AnswerSink {
  private readonly service: Service
  private readonly line: CheckLine
  private readonly resolve: (reason: string | null) => void
  /** Where the connection is a kept one: it may have ended just as the request went out, which says nothing of the backend. */
  private readonly again: (() => void) | null
  private connection: BackendConnection | null = null
  private timer: Timer | null = null
  private text = ''
  private size = 0
  /** Known, while the rest of the answer is still read, so that its connection can be kept. */
  private passed = false

  constructor(service: Service, line: CheckLine, resolve: (reason: string | null) => void, again: (() => void) | null) {
    this.service = service
    this.line = line
    this.resolve = resolve
    this.again = again
  }

  start(connection: BackendConnection, request: string, timeout: number, wheel: TimerWheel): void {
    this.connection = connection
    this.timer = new Timer(wheel, () => this.finish(`no answer in ${Math.round(this.service.health.timeout / 100) / 10} s`))
    this.timer.set(timeout)
    connection.begin(this, false)
    connection.outlet.put(request)
    connection.outlet.flush()
  }

  onInterim(): void {}

  onAnswer({ status }: ResponseHead): void {
    const { health } = this.service
    if (!isExpected(status, health.status)) this.finish(`answered ${status}, expected ${health.status.replaceAll('-', '–')}`)
    else if (health.body === undefined) this.pass()
  }

  onAnswerBody(buffer: Buffer, { ranges, size }: BodyReader): void {
    this.size += size
    if (this.passed && this.size > MAX_BODY) return this.finish(null)
    if (this.passed) return
    for (let index = 0; index + 1 < ranges.length; index += 2) this.text += buffer.toString('latin1', ranges[index], ranges[index + 1])
    if (this.size > MAX_BODY) this.judgeBody()
  }

  onAnswerEnd(): void {
    if (!this.passed) this.judgeBody()
    const { connection } = this
    if (connection === null) return
    this.connection = null
    this.timer?.clear()
    this.line.keep(connection)
  }

  onAnswerPause(): void {}

  onSwitch(): void {
    this.finish('it switched protocols unasked')
  }

  onAnswerFailed(error: BackendError): void {
    if (this.again !== null && !this.passed && error.kind !== 'garbage') {
      this.timer?.clear()
      this.connection?.destroy()
      this.connection = null
      return this.again()
    }
    this.finish(error.kind === 'garbage' ? 'the answer is not HTTP' : 'the connection was closed without an answer')
  }

  onBackendDrain(): void {}

  onFault(): null {
    this.finish('the check broke off by a fault of AstroRelay’s own')
    return null
  }

  private judgeBody(): void {
    const wanted = this.service.health.body
    const found = wanted === undefined || Buffer.from(this.text.slice(0, MAX_BODY), 'latin1').includes(wanted)
    if (found) this.pass()
    else this.finish(`the text “${wanted}” is not in the answer`)
  }

  private pass(): void {
    this.passed = true
    this.resolve(null)
    if (this.size > MAX_BODY) this.finish(null)
  }

  /** The reason counts once; what ends after the check has passed only ends its connection. */
  private finish(reason: string | null): void {
    const { connection } = this
    if (connection === null) return
    this.connection = null
    this.timer?.clear()
    connection.destroy()
    if (!this.passed) this.resolve(reason)
  }
}

/** Whether a status is among codes and ranges such as `200-399,401`. */
export function isExpected(status: number, expected: string): boolean {
  return expected.split(',').some((part) => {
    const [first, last = first] = part.trim().split('-').map(Number)
    return first !== undefined && last !== undefined && status >= first && status <= last
  })
}
