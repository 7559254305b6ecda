import type { ServerResponse } from 'node:http'
import { controlEvents, type ControlEventName, type ControlEvents } from '../../contract/events'
import { CallError } from '../../contract/failure'
import { steadily } from '../../system/steady'
import type { EventHub } from '../event-hub'
import { SAFE_HEADERS } from './answer'

/** Less than the time after which proxies and operating systems drop a silent connection. */
const HEARTBEAT_MS = 15_000
/** A client that does not read is cut off rather than remembered for; it may come back and ask anew. */
const BACKLOG_BYTES = 2 * 1024 * 1024
/** A person has a few windows open; together they hold 128 MB at the very most. */
const MOST = 64

/** Sends everything that happens as server-sent events to whoever asked. */
export class EventStream {
  readonly #clients = new Set<ServerResponse>()
  readonly #stops: (() => void)[]
  readonly #heartbeat: NodeJS.Timeout

  /** `onHeartbeat`: called before each, whether anybody listens or not. */
  constructor(hub: EventHub, onHeartbeat: () => void) {
    this.#stops = eventNames().map((name) => hub.on(name, (payload) => this.#send(name, payload)))
    this.#heartbeat = steadily(() => {
      onHeartbeat()
      this.#write(': still here\n\n')
    }, HEARTBEAT_MS)
  }

  /** Keeps the response open until its client goes, or may listen no more: `onEnd` hears of that, as far as there is an end. */
  add(response: ServerResponse, onEnd: (end: () => void) => (() => void) | null): void {
    if (this.#clients.size >= MOST)
      throw new CallError('AR_BUSY', `${MOST} programs and windows listen already, as many as may. Close one, and try again.`)
    response.writeHead(200, { ...SAFE_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' })
    response.write(': AstroRelay\n\n')
    this.#clients.add(response)
    const unhear = onEnd(() => void response.destroy())
    response.on('close', () => {
      this.#clients.delete(response)
      unhear?.()
    })
  }

  stop(): void {
    clearInterval(this.#heartbeat)
    for (const stop of this.#stops) stop()
    for (const client of this.#clients) client.end()
  }

  #send<Name extends ControlEventName>(name: Name, payload: ControlEvents[Name]): void {
    if (this.#clients.size > 0) this.#write(`event: ${name}\ndata: ${JSON.stringify(payload)}\n\n`)
  }

  #write(text: string): void {
    for (const client of this.#clients) {
      if (client.writableLength > BACKLOG_BYTES) client.destroy()
      else client.write(text)
    }
  }
}

function eventNames(): ControlEventName[] {
  return Object.keys(controlEvents).filter((name): name is ControlEventName => Object.hasOwn(controlEvents, name))
}
