import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** More unanswered requests than any client has good reason to send; each waiting one takes memory. */
const MAX_WAITING = 64

/**
 * The requests of one connection, one after the other, however many were sent at once: answers have to come in the order
 * of the requests, what is not safe must not run beside another (RFC 9112 §9.3.2), and a connection never has more than
 * one request at the backends. A request that follows the connection's last answer is not looked at.
 */
export class Turns {
  /** The answer that is under way; `bare` for one that is written on the connection itself. */
  current: ServerResponse | 'bare' | null = null
  private readonly waiting: { readonly response: ServerResponse | 'bare'; readonly begin: () => void }[] = []
  private readonly socket: Socket

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** Calls `begin` when everything before is answered. What is answered on the bare connection is the last. */
  take(response: ServerResponse | 'bare', begin: () => void): void {
    if (this.waiting.length >= MAX_WAITING) return void this.socket.destroy()
    this.waiting.push({ response, begin })
    if (this.current === null) this.next()
  }

  /** Gives a bare connection back to HTTP: the next request is parsed anew. */
  release(): void {
    this.current = null
  }

  private next(): void {
    this.current = null
    if (!this.socket.writable) return
    const turn = this.waiting.shift()
    if (turn === undefined) return
    this.current = turn.response
    turn.begin()
    // After the listeners of `begin`: a request is accounted for before the next one starts.
    if (turn.response !== 'bare') turn.response.once('close', () => this.next())
  }
}
