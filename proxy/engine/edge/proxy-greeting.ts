import type { Socket } from 'node:net'
import type { ByteSink, Intake } from '../intake/intake'
import { keepBytes } from '../intake/read-buffer'
import { Timer, type TimerWheel } from '../time/timer-wheel'
import type { Handshake } from './handshakes'
import { readProxyHeader } from './proxy-header'

/** Proxies send it at once; a lost packet may take three seconds to be sent again (proxy-protocol.txt §2). */
const PATIENCE_MS = 5_000

/** Waits for the PROXY header of a connection; one that does not begin with it is closed. */
export class ProxyGreeting implements ByteSink, Handshake {
  /** A trusted proxy greets for many. */
  readonly handshakeOf = null
  readonly socket: Socket
  private readonly intake: Intake
  private readonly timer: Timer
  private readonly done: (source: string | null, rest: Buffer) => void
  private held: Buffer | null = null
  /** What came is no PROXY header, or too little of it in time. */
  onRefused: (() => void) | null = null

  /** `done` gets the client's address, null where it is the peer, and what came behind the header. */
  constructor(socket: Socket, intake: Intake, wheel: TimerWheel, done: (source: string | null, rest: Buffer) => void) {
    this.socket = socket
    this.intake = intake
    this.done = done
    this.timer = new Timer(wheel, () => this.refuse(), this)
    this.timer.set(PATIENCE_MS)
    intake.sink = this
    socket.on('error', this.onGone)
    socket.on('end', this.onGone)
    socket.on('close', this.onGone)
    socket.resume()
  }

  onBytes(buffer: Buffer, end: number): void {
    const bytes = this.held === null ? keepBytes(buffer, 0, end) : Buffer.concat([this.held, buffer.subarray(0, end)])
    const header = readProxyHeader(bytes)
    if (header === 'bad') return this.refuse()
    this.held = bytes
    if (header === 'more') return
    this.leave()
    this.done(header.source, bytes.subarray(header.size))
  }

  onFault(): null {
    this.onGone()
    return null
  }

  giveWay(): void {
    this.onGone()
  }

  private refuse(): void {
    this.onRefused?.()
    this.onGone()
  }

  private readonly onGone = (): void => {
    this.leave()
    this.socket.destroy()
  }

  private leave(): void {
    this.timer.clear()
    this.intake.sink = null
    this.socket.off('end', this.onGone).off('close', this.onGone)
    // The next owner listens too; until then an error must not end the process.
    this.socket.on('error', () => undefined).off('error', this.onGone)
  }
}
