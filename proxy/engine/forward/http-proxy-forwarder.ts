import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { createProxyServer } from 'http-proxy'
import { BackendError, fromWireError } from '../backend/backend-error'
import { linger } from '../http/linger'
import { BodyMeter } from './body-meter'
import type { ForwardOutcome, Forwarder, RequestCall, TunnelCall } from './forwarder'
import { openTunnel, type TunnelProxy } from './http-proxy-tunnel'
import { relayAnswer } from './relay-answer'

/** One attempt to have a request answered, from the first dial to its end. */
interface Attempt {
  readonly call: RequestCall
  proxied: ClientRequest | null
  /** Bytes that had come on the connection before this request. */
  readBefore: number
  connected(proxied: ClientRequest): void
  answered(answer: IncomingMessage): void
  failed(error: Error): void
}

/**
 * Forwards through http-proxy (the maintained http-proxy-3). It dials, sends and pipes; the fields of both heads, the
 * answer's relay and the deadlines are ours (`selfHandleResponse`), since its own ways join repeated fields and know no
 * end of a request.
 */
export class HttpProxyForwarder implements Forwarder {
  private readonly attempts = new WeakMap<IncomingMessage, Attempt>()
  private readonly proxy: TunnelProxy = createProxyServer({ selfHandleResponse: true, prependPath: false, toProxy: true })

  constructor() {
    // Last of its passes before sending: an earlier one gives a chunked DELETE `Content-Length: 0`, after which the backend
    // would take the body for the next request.
    this.proxy.before('web', 'stream', (request) => {
      const attempt = this.attempts.get(request)
      if (!attempt) return
      request.headers = attempt.call.headers
      request.url = attempt.call.path
    })
    this.proxy.on('proxyReq', (proxied, request) => this.attempts.get(request)?.connected(proxied))
    this.proxy.on('proxyRes', (answer, request) => this.attempts.get(request)?.answered(answer))
    this.proxy.on('econnreset', (error, request) => this.attempts.get(request)?.failed(error))
    // Errors come to each attempt's own callback: a late one of an earlier attempt must not fail the present one.
    this.proxy.on('error', () => undefined)
  }

  request(call: RequestCall): void {
    const { request, response } = call
    const meter = call.body === 'none' ? new Readable({ read: () => undefined }) : new BodyMeter(call.maxBody, onBytesIn, () => end({ kind: 'too-large' }))
    let idle: NodeJS.Timeout | undefined
    let waiting: NodeJS.Timeout | undefined
    let answering = false
    let ended = false

    function onBytesIn(count: number): void {
      idle?.refresh()
      call.onBytesIn(count)
    }
    const end = (outcome: ForwardOutcome): void => {
      if (ended) return
      ended = true
      clearTimeout(idle)
      clearTimeout(waiting)
      response.removeListener('close', onClose)
      if (outcome.kind !== 'done') attempt.proxied?.destroy()
      if (outcome.kind === 'cut' || outcome.kind === 'client-gone') response.destroy()
      request.unpipe()
      if (outcome.kind === 'done' && !request.complete) linger(request)
      call.onEnd(outcome)
    }
    function onClose(): void {
      end(response.writableFinished ? { kind: 'done' } : { kind: 'client-gone' })
    }
    const attempt: Attempt = {
      call,
      proxied: null,
      readBefore: 0,
      connected(proxied) {
        attempt.proxied = proxied
        attempt.readBefore = proxied.socket?.bytesRead ?? 0
        if (ended) return void proxied.destroy()
        call.onConnected()
        proxied.on('information', ({ statusCode, headers }) => passInformation(response, statusCode, headers['link']))
        // A switch of protocols that nobody asked for; without a listener Node drops it without a word.
        proxied.on('upgrade', (_, socket) => {
          socket.destroy()
          attempt.failed(new BackendError('garbage', 'it switched protocols unasked', false))
        })
        // http-proxy joins paths and loses a bare `?` and the form of `*`; nothing has been sent yet.
        proxied.path = call.path
        if (call.body === 'none') {
          meter.push(null)
          return awaitAnswer()
        }
        idle = setTimeout(() => end(proxied.writableNeedDrain ? { kind: 'failed', error: slow(call.timeouts.idle), reusedConnection: false } : { kind: 'client-silent' }), call.timeouts.idle)
        if (call.expectsContinue) {
          // Whether the body shall come is for the backend to say (RFC 9110 §10.1.1). Set no earlier, since http-proxy
          // tells of no connection for a request that has the field.
          proxied.setHeader('Expect', '100-continue')
          proxied.on('continue', () => response.writeContinue())
        }
        // Not `flushHeaders()`, which would write latin1 fields as UTF-8.
        proxied.write('', 'latin1')
        request.on('end', () => {
          if (ended) return
          if (request.rawTrailers.length > 0 && call.body === 'chunked') addTrailers(proxied, request.rawTrailers)
          awaitAnswer()
        })
        if (meter instanceof BodyMeter) request.pipe(meter)
      },
      answered(answer) {
        answer.on('error', () => undefined)
        if (ended) {
          answer.destroy()
          return
        }
        if (!isSendable(answer)) return attempt.failed(new BackendError('garbage', 'the answer is not valid HTTP', false))
        answering = true
        clearTimeout(idle)
        clearTimeout(waiting)
        relayAnswer(answer, call.onAnswer(answer.statusCode ?? 0, answer.rawHeaders), response, {
          idle: call.timeouts.idle,
          streamIdle: call.timeouts.tunnel,
          onBytes: (count) => call.onBytesOut(count),
          onCut: (by, reason) => end({ kind: 'cut', by, reason }),
        })
      },
      failed(error) {
        if (answering || ended) return
        if (request.socket.destroyed) return end({ kind: 'client-gone' })
        const begun = (attempt.proxied?.socket?.bytesRead ?? 0) > attempt.readBefore
        const known = error instanceof BackendError ? error : fromWireError(error, begun)
        end({ kind: 'failed', error: known, reusedConnection: attempt.proxied?.reusedSocket ?? false })
      },
    }
    function awaitAnswer(): void {
      clearTimeout(idle)
      // An answer may begin before the upload has ended; from then on its own silence counts.
      if (answering) return
      waiting ??= setTimeout(() => end({ kind: 'failed', error: slow(call.timeouts.response), reusedConnection: false }), call.timeouts.response)
    }

    response.on('close', onClose)
    this.attempts.set(request, attempt)
    try {
      this.proxy.web(request, response, { target: { protocol: 'http:', host: call.host, port: call.port }, agent: call.agent, buffer: meter }, (error) => attempt.failed(error))
    } catch (error) {
      attempt.failed(new BackendError('garbage', `the request could not be sent: ${error instanceof Error ? error.message : String(error)}`, true))
    }
  }

  tunnel(call: TunnelCall): void {
    openTunnel(this.proxy, call)
  }
}

function slow(ms: number): BackendError {
  return new BackendError('slow', `no answer within ${Math.round(ms / 100) / 10} s`, false)
}

/**
 * Node reads a status line more leniently than it writes one: what it would throw on must not end the process. Any other
 * transfer coding than chunked would reach the client unannounced (RFC 9112 §6.1).
 */
function isSendable({ statusCode = 0, statusMessage = '', headers }: IncomingMessage): boolean {
  const coding = headers['transfer-encoding']
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked') return false
  return statusCode >= 200 && statusCode <= 999 && /^[\t\x20-\x7e\x80-\xff]*$/.test(statusMessage)
}

/** What Node lets through as a link of a 103; it throws on anything else. */
const SENDABLE_LINK = /^(?:<[^>]*>)(?:\s*;\s*[^;"\s]+(?:=(")?[^;"\s]*\1)?)*$/

/** 102 and 103 tell the client that it goes on; 100 is the gateway's own, 101 a tunnel's. */
function passInformation(response: ServerResponse, status: number, link: string | string[] | undefined): void {
  if (response.headersSent || response.req.httpVersion !== '1.1') return
  if (status === 102) response.writeProcessing()
  else if (status === 103 && typeof link === 'string' && SENDABLE_LINK.test(link)) response.writeEarlyHints({ link })
}

/** Client trailers that frame, route or identify a request are dropped (RFC 9110 §6.5.1). */
function addTrailers(proxied: ClientRequest, raw: readonly string[]): void {
  const trailers: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    if (!/^(host|transfer-encoding|content-.*|trailer|connection|authorization|cookie|expect|te|x[-_]forwarded[-_].*|x[-_]real[-_]ip|forwarded)$/i.test(name)) trailers.push([name, raw[index + 1] ?? ''])
  }
  if (trailers.length > 0) proxied.addTrailers(trailers)
}
