import { Socket } from 'node:net'
import type { Backend } from '../backend/backend'
import type { ForwardOutcome, Forwarder } from '../forward/forwarder'
import { buildAnswerHead } from '../http/answer-head'
import type { PublicView } from '../http/public-view'
import { buildRequestHead } from '../http/request-head'
import type { CompiledService } from '../lifecycle/snapshot'
import { withoutSegments } from '../route/request-path'
import type { RequestContext } from './context'

/** What forwarding tells the loop while it goes on. */
export interface ForwardListener {
  onConnected(): void
  onFirstByte(status: number): void
  onEnd(outcome: ForwardOutcome): void
}

/** Sends the request to the selected backend and relays the answer. */
export function forward(context: RequestContext, service: CompiledService, backend: Backend, forwarder: Forwarder, listener: ForwardListener): void {
  const upgrade = context.response === null
  const authority = context.authority?.text ?? ''
  const host = service.config.headers.host === 'preserve' && authority !== '' ? authority : ownHost(backend)
  const view: PublicView = { backend: backend.url, origin: `http://${authority === '' ? ownHost(backend) : authority}`, strippedPath: service.strippedSegments > 0 ? service.config.path : '/' }
  const repeatable = mayRepeat(context)
  const call = {
    request: context.request,
    host: backend.url.host,
    port: backend.url.port,
    path: backendPath(context, service, backend),
    headers: {
      ...buildRequestHead(context.rawHeaders, {
        forwarding: { peer: context.connection.peer, client: context.client, trustedPeer: context.trustedPeer, proto: 'http', authority, port: context.connection.port, ref: context.ref },
        rules: service.config.headers,
        host,
      }),
      ...framing(context),
    },
    agent: repeatable && !upgrade ? backend.reusing : backend.fresh,
    timeouts: service.config.timeouts,
    onConnected: () => listener.onConnected(),
    onAnswer(status: number, headers: readonly string[]) {
      listener.onFirstByte(status)
      return buildAnswerHead(status, headers, service.config.headers, view)
    },
    onBytesIn(count: number) {
      context.bytesIn += count
      if (context.counters) context.counters.bytesIn += count
    },
    onBytesOut(count: number) {
      context.bytesOut += count
      if (context.counters) context.counters.bytesOut += count
    },
    onEnd: (outcome: ForwardOutcome) => listener.onEnd(outcome),
  }
  const { response, request } = context
  if (response !== null) forwarder.request({ ...call, response, body: context.body, maxBody: service.config.maxBody, expectsContinue: context.expectsContinue })
  else if (request.socket instanceof Socket) forwarder.tunnel({ ...call, socket: request.socket, head: context.head })
}

/** Whether the request may be sent again where a backend closed the connection before it answered. */
export function mayRepeat({ method, body }: RequestContext): boolean {
  return body === 'none' && (method === 'GET' || method === 'HEAD' || method === 'OPTIONS')
}

function framing({ body, bodyLength, method }: RequestContext): Record<string, string> {
  if (body === 'chunked') return { 'Transfer-Encoding': 'chunked' }
  if (body === 'length') return { 'Content-Length': String(bodyLength) }
  // Methods with a body in their nature say that it is empty (RFC 9110 §8.6).
  return method === 'POST' || method === 'PUT' || method === 'PATCH' ? { 'Content-Length': '0' } : {}
}

function backendPath({ path }: RequestContext, service: CompiledService, { url }: Backend): string {
  if (path === null || path.raw === '*') return '*'
  const raw = service.strippedSegments > 0 ? withoutSegments(path.raw, service.strippedSegments) : path.raw
  return (url.basePath === '/' ? raw : url.basePath + raw) + path.query
}

function ownHost({ url }: Backend): string {
  const host = url.host.includes(':') ? `[${url.host}]` : url.host
  return url.port === (url.secure ? 443 : 80) ? host : `${host}:${url.port}`
}
