import { STATUS_CODES } from 'node:http'
import type { ErrorCode } from '../../contract/errors'
import { buildErrorAnswer } from '../http/error-answer'
import { headerValues } from '../http/header-list'
import type { RequestContext } from '../visit/context'
import type { Refusal } from '../visit/refusal'
import type { Exchange } from '../visit/exchange'

/** Answers a request instead of a backend. Where an answer had begun already, the connection is cut instead. */
export function answer(context: RequestContext, refusal: Refusal): void {
  const { exchange } = context
  if (exchange.answered || refusal.cut === true) return exchange.cut()
  apologise(context, refusal)
  // What still comes of the request is dropped.
  exchange.listen(null)
}

/** The same where no answer has begun, and whoever takes the request's body goes on to hear of its client. */
export function apologise(context: RequestContext, refusal: Refusal): void {
  const { exchange, head, ref } = context
  if (refusal.close === true || context.upgrade) exchange.closeAfter()
  const error = buildErrorAnswer(refusal.shownAs ?? refusal.code, ref, headerValues(head.lines.fields, 'accept').join(), refusal.page)
  context.status = error.status
  const bytes = head.method === 'HEAD' ? 0 : Buffer.byteLength(error.body)
  context.countOut(bytes)
  send(exchange, refusal.fields === undefined ? error : { ...error, headers: [...error.headers, ...refusal.fields] })
}

/** Answers what was no request, and is the last answer on its connection. */
export function answerFault(exchange: Exchange, code: ErrorCode, ref: string): void {
  exchange.closeAfter()
  send(exchange, buildErrorAnswer(code, ref, undefined))
  exchange.end([])
}

function send(exchange: Exchange, { status, headers, body }: ReturnType<typeof buildErrorAnswer>): void {
  exchange.answer(status, STATUS_CODES[status] ?? 'Error', headers, 'length')
  exchange.writeText(body)
}
