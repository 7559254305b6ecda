import { Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { ProxyServer } from 'http-proxy'
import { BackendError, fromWireError } from '../backend/backend-error'
import type { ForwardOutcome, TunnelCall } from './forwarder'

/** The part of http-proxy that a tunnel needs. */
export type TunnelProxy = ProxyServer

/** Hands out the one connection that stands already. */
class ReadyAgent extends Agent {
  private readonly ready: Socket

  constructor(ready: Socket) {
    super()
    this.ready = ready
  }

  override createConnection(): Socket {
    return this.ready
  }
}

/**
 * Opens a WebSocket through http-proxy. It dials first: http-proxy closes the client's connection on any failure, so one
 * that another backend may still make good has to be found before. An answer other than 101 is relayed as it is and ends
 * the connection.
 */
export function openTunnel(proxy: TunnelProxy, call: TunnelCall): void {
  call.agent.open((error, backend) => {
    if (backend) carry(proxy, call, backend)
    else if (call.socket.destroyed) call.onEnd({ kind: 'client-gone' })
    else call.onEnd({ kind: 'failed', error: error ?? new BackendError('unreachable', 'no connection', true), reusedConnection: false })
  })
}

function carry(proxy: TunnelProxy, call: TunnelCall, backend: Socket): void {
  const { request, socket, timeouts } = call
  let proxied: ClientRequest | null = null
  let open = false
  let answered = false
  let ended = false
  let counted = { in: 0, out: 0 }
  const waiting = setTimeout(() => {
    end({ kind: 'failed', error: new BackendError('slow', `no answer within ${Math.round(timeouts.response / 100) / 10} s`, false), reusedConnection: false })
  }, timeouts.response)

  function end(outcome: ForwardOutcome): void {
    if (ended) return
    ended = true
    stopWaiting()
    proxy.removeListener('proxyReqWs', onStart)
    count()
    if (outcome.kind !== 'done') proxied?.destroy()
    call.onEnd(outcome)
    if (outcome.kind !== 'failed') socket.destroySoon()
  }
  function stopWaiting(): void {
    clearTimeout(waiting)
    socket.removeListener('readable', onReadable)
  }
  /** Nobody reads the connection until the backend has answered; readable without a byte is its end. */
  function onReadable(): void {
    if (socket.readableLength === 0) socket.destroy()
  }
  /** Counters of a tunnel follow once a second: its bytes do not pass through our hands. */
  function count(): void {
    if (!open) return
    call.onBytesIn(socket.bytesRead - counted.in)
    call.onBytesOut(socket.bytesWritten - counted.out)
    counted = { in: socket.bytesRead, out: socket.bytesWritten }
  }
  function onStart(started: ClientRequest, of: IncomingMessage): void {
    if (of !== request) return
    proxied = started
    // http-proxy joins paths and loses a bare `?`.
    started.path = call.path
    proxy.removeListener('proxyReqWs', onStart)
    // Both run before http-proxy's own listeners, which read `headers` for what they write to the client.
    started.once('upgrade', (answer: IncomingMessage) => {
      stopWaiting()
      answer.headers = { ...toFields(call.onAnswer(101, answer.rawHeaders)), connection: 'Upgrade', upgrade: 'websocket' }
      // http-proxy sets up the connection after this, and switches its time-outs off.
      process.nextTick(onOpen)
    })
    started.once('response', (answer: IncomingMessage) => {
      answered = true
      stopWaiting()
      answer.headers = { ...toFields(call.onAnswer(answer.statusCode ?? 0, answer.rawHeaders)), connection: 'close' }
      relayRefusal(answer, socket, call, (by, reason) => {
        socket.destroy()
        end({ kind: 'cut', by, reason })
      })
    })
  }
  function onOpen(): void {
    open = true
    counted = { in: socket.bytesRead, out: socket.bytesWritten }
    const timer = setInterval(count, 1_000)
    const close = (): void => {
      clearInterval(timer)
      end({ kind: 'done' })
      backend.destroySoon()
    }
    // A WebSocket has no half-open state: where one side ends, both do, after what was under way has been passed on.
    for (const side of [socket, backend]) {
      side.setTimeout(timeouts.tunnel, close)
      side.once('end', () => setImmediate(close))
      side.once('error', close)
      side.once('close', close)
    }
  }

  if (socket.destroyed) {
    backend.destroy()
    return end({ kind: 'client-gone' })
  }
  call.onConnected()
  socket.once('close', () => end(answered || open ? { kind: 'done' } : { kind: 'client-gone' }))
  socket.on('readable', onReadable)
  proxy.on('proxyReqWs', onStart)
  // In small letters, as http-proxy looks for them.
  request.headers = { ...call.headers, connection: 'Upgrade', upgrade: 'websocket' }
  request.url = call.path
  // Node throws on a field that it would not send, such as one with a line break.
  try {
    proxy.ws(request, socket, call.head, { target: { protocol: 'http:', host: call.host, port: call.port }, agent: new ReadyAgent(backend) }, (error) => {
      if (open || answered) return
      end({ kind: 'failed', error: error instanceof BackendError ? error : fromWireError(error), reusedConnection: false })
    })
  } catch (error) {
    end({ kind: 'failed', error: new BackendError('garbage', `the request could not be sent: ${String(error)}`, false), reusedConnection: false })
  }
}

/** http-proxy writes an answer other than 101 without back-pressure and without a deadline; both are added from here. */
function relayRefusal(answer: IncomingMessage, socket: Socket, call: TunnelCall, cut: (by: 'backend' | 'client', reason: string) => void): void {
  const timer = setTimeout(() => cut('backend', 'nothing came for a while in the middle of the answer'), call.timeouts.idle)
  socket.once('close', () => clearTimeout(timer))
  // Unread, the client's end would never be seen.
  socket.once('end', () => cut('client', 'the client went away'))
  socket.resume()
  answer.once('aborted', () => cut('backend', 'the connection was closed in the middle of the answer'))
  answer.on('error', () => undefined)
  answer.on('data', (chunk: Buffer) => {
    timer.refresh()
    call.onBytesOut(chunk.length)
    if (!socket.writableNeedDrain || answer.isPaused()) return
    answer.pause()
    socket.once('drain', () => answer.resume())
  })
}

function toFields(list: readonly string[]): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {}
  for (let index = 0; index + 1 < list.length; index += 2) {
    const name = (list[index] ?? '').toLowerCase()
    const before = fields[name]
    const value = list[index + 1] ?? ''
    fields[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return fields
}
