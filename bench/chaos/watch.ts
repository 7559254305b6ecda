import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { ask } from './ask'
import { BLOCKED, CONSOLE_PORT, GATEWAY, REFUSED, TCP_PORT, UDP_PORT, VISITOR } from './places'

const EVERY_MS = 100
const PATIENCE = 5_000

/** How often each that may not was asked for, and what came of it. */
export interface Watched {
  asked: number
  /** By an answer, or by a connection that was taken and closed. */
  refused: number
  /** Nobody was there, or nobody answered. */
  unanswered: number
  letIn: number
}

/** Asks ten times a second as those who may not: one that gets in is a failure, whatever goes on. */
export class Watch {
  readonly found: Record<string, Watched> = {}
  #everythingClosed = false
  readonly #socket = createSocket('udp4')
  readonly #timer = setInterval(() => this.#round(), EVERY_MS)

  /** `breach` hears of whoever got in. */
  constructor(private readonly breach: (who: string) => void) {
    this.#socket.on('error', () => undefined)
    this.#socket.on('message', () => {
      this.#of('blocked address, udp').letIn += 1
      this.breach('blocked address, udp')
    })
    this.#socket.bind(0, BLOCKED)
  }

  /** While everything is closed nobody may get in: from the answer to closing until opening is asked for. */
  closed(closed: boolean): void {
    this.#everythingClosed = closed
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#socket.close()
  }

  #round(): void {
    void this.#http('blocked address, http', { host: 'near.test', from: BLOCKED })
    void this.#http('blocked address, hosted file', { host: 'files.test', path: '/page.bin', from: BLOCKED })
    void this.#http('address refused by one service', { host: 'guarded.test', from: REFUSED })
    void this.#http('console without its key', { port: CONSOLE_PORT, path: '/api/v1/config', from: '127.0.0.1' })
    this.#tcp('blocked address, tcp', BLOCKED)
    this.#of('blocked address, udp').asked += 1
    this.#socket.send('ping', UDP_PORT, GATEWAY)
    if (!this.#everythingClosed) return
    void this.#http('everything closed, http', { host: 'near.test', from: VISITOR })
    this.#tcp('everything closed, tcp', VISITOR)
  }

  async #http(who: string, question: Parameters<typeof ask>[0]): Promise<void> {
    const closedBefore = this.#everythingClosed
    const watched = this.#of(who)
    watched.asked += 1
    try {
      const { status } = await ask({ ...question, patience: PATIENCE })
      if (status < 400 && (closedBefore === this.#everythingClosed || !who.startsWith('everything'))) {
        watched.letIn += 1
        this.breach(who)
      } else watched.refused += 1
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') watched.refused += 1
      else watched.unanswered += 1
    }
  }

  #tcp(who: string, from: string): void {
    const watched = this.#of(who)
    watched.asked += 1
    let connected = false
    let over = false
    const closedBefore = this.#everythingClosed
    const socket = connect({ port: TCP_PORT, host: GATEWAY, localAddress: from, timeout: PATIENCE })
    socket.on('connect', () => {
      connected = true
      socket.write('ping')
    })
    socket.on('data', () => {
      over = true
      socket.destroy()
      if (closedBefore !== this.#everythingClosed && who.startsWith('everything')) return
      watched.letIn += 1
      this.breach(who)
    })
    socket.on('timeout', () => {
      over = true
      watched.unanswered += 1
      socket.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (over) return
      if (connected) watched.refused += 1
      else watched.unanswered += 1
    })
  }

  #of(who: string): Watched {
    return (this.found[who] ??= { asked: 0, refused: 0, unanswered: 0, letIn: 0 })
  }
}
