import { buildErrorAnswer, writeErrorAnswer } from '../http/error-answer'
import { headerValues } from '../http/header-list'
import { linger } from '../http/linger'
import type { Refusal, RequestContext } from './context'

/** Answers a request instead of a backend. Where an answer had begun already, the connection is cut instead. */
export function answer(context: RequestContext, refusal: Refusal): void {
  const { request, response, method } = context
  if (response?.headersSent === true) return void response.destroy()
  const error = buildErrorAnswer(refusal.code, context.ref, headerValues(context.rawHeaders, 'accept').join())
  context.status = error.status
  const bytes = method === 'HEAD' ? 0 : Buffer.byteLength(error.body)
  context.bytesOut += bytes
  if (context.counters) context.counters.bytesOut += bytes
  if (response === null) return writeErrorAnswer(request.socket, error)
  response.writeHead(error.status, [...error.headers, ...(refusal.close === true ? ['Connection', 'close'] : [])])
  response.end(error.body)
  if (!request.complete) linger(request)
}
