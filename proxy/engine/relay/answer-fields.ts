import { buildAnswerFields } from '../http/answer-head'
import { FieldKind } from '../http/wire/field-kind'
import type { ResponseHead } from '../http/wire/response-head-parser'
import type { TransferOwner } from './transfer-owner'

/** The answer's fields, with the cookie that keeps the visitor on its backend: such an answer is nobody else's. */
export function answerFields(head: ResponseHead, owner: TransferOwner): string[] {
  const fields = buildAnswerFields(head, owner.answerRules, owner)
  if (owner.setCookie === null) return fields
  fields.push('Set-Cookie', owner.setCookie)
  if (!fields.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'cache-control')) fields.push('Cache-Control', 'private')
  return fields
}

/** Whether an answer is a stream of events, which may say nothing for long. */
export function isEventStream({ lines: { fields, kinds } }: ResponseHead): boolean {
  for (let index = 0; index < kinds.length; index++)
    if (kinds[index] === FieldKind.contentType) return isEventStreamType(fields[2 * index + 1] ?? '')
  return false
}

/** The fifth letter tells it from `text/html` and `text/plain`. */
function isEventStreamType(type: string): boolean {
  return (type.charCodeAt(5) | 0x20) === 0x65 && /^text\/event-stream/i.test(type)
}
