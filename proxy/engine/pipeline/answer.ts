import { buildErrorAnswer, writeErrorAnswer } from '../http/error-answer'
import { headerValue } from '../http/header-list'
import type { Refusal, RequestContext } from './context'

/** How long the rest of a refused request's body is read, so that the client sees the answer and not a reset. */
const LINGER_MS = 5_000

/** Answers a request instead of a backend. Where an answer had begun already, the connection is cut instead. */
export function answer(context: RequestContext, refusal: Refusal): void {
  const { request, response } = context
  const error = buildErrorAnswer(refusal.code, context.ref, headerValue(context.rawHeaders, 'accept'))
  context.status = error.status
  if (response === null) return writeErrorAnswer(request.socket, error)
  if (response.headersSent) return void response.destroy()
  const headers = [...error.headers, ...(refusal.close === true ? ['Connection', 'close'] : [])]
  response.writeHead(error.status, headers)
  response.end(error.body)
  context.bytesOut += Buffer.byteLength(error.body)
  if (!request.complete) linger(context)
}

function linger({ request }: RequestContext): void {
  request.resume()
  const timer = setTimeout(() => void (request.complete || request.socket.destroy()), LINGER_MS)
  timer.unref()
  request.once('close', () => clearTimeout(timer))
}
