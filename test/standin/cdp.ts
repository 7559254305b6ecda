import type { Readable, Writable } from 'node:stream'

/** Chromium's protocol has thousands of shapes; the few that are read are checked where they are used. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = Record<string, any>
type Listener = (method: string, params: Json) => void

interface Pending {
  readonly method: string
  resolve(result: Json): void
  reject(error: Error): void
}

/** Chromium's remote control over a pipe: JSON messages, each ended by a zero byte. */
export class Cdp {
  #lastId = 0
  #closed = false
  readonly #pending = new Map<number, Pending>()
  readonly #sessions = new Map<string, Listener>()

  constructor(
    private readonly out: Writable,
    input: Readable,
  ) {
    let text = ''
    input.setEncoding('utf8')
    input.on('data', (chunk: string) => {
      const messages = `${text}${chunk}`.split('\0')
      text = messages.pop() ?? ''
      for (const message of messages) this.#dispatch(JSON.parse(message) as Json)
    })
    input.on('close', () => this.#close())
    // The pipe breaks when Chromium ends, which `close` tells.
    out.on('error', () => undefined)
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Hears the events of a session; the browser's own is the empty one. */
  on(sessionId: string, listener: Listener): void {
    this.#sessions.set(sessionId, listener)
  }

  off(sessionId: string): void {
    this.#sessions.delete(sessionId)
  }

  send(method: string, params: Json = {}, sessionId?: string): Promise<Json> {
    if (this.#closed) return Promise.reject(new Error('browser closed'))
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId
      this.#pending.set(id, { method, resolve, reject })
      this.out.write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  }

  #dispatch(message: Json): void {
    const pending = this.#pending.get(message['id'] as number)
    if (pending) {
      this.#pending.delete(message['id'] as number)
      if (message['error']) pending.reject(new Error(`${pending.method}: ${String(message['error'].message)}`))
      else pending.resolve(message['result'] as Json)
    } else if (message['method']) {
      this.#sessions.get((message['sessionId'] as string | undefined) ?? '')?.(message['method'] as string, message['params'] as Json)
    }
  }

  #close(): void {
    this.#closed = true
    for (const pending of this.#pending.values()) pending.reject(new Error('browser closed'))
    this.#pending.clear()
  }
}
